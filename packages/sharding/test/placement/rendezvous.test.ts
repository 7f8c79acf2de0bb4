import { newestHashVersion } from '@cruster/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Candidate } from '../../src/placement/rendezvous.ts'
import { rendezvous } from '../../src/placement/rendezvous.ts'

const candidates = fc.uniqueArray(
  fc.record({ name: fc.string({ minLength: 1 }), weight: fc.integer({ min: 1, max: 100 }) }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 12 },
)

const winner = (shard: string, among: readonly Candidate[]): string | undefined =>
  rendezvous(newestHashVersion, shard, among)?.name

it('chooses nobody among nobody', () => {
  expect(winner('default:1', [])).toBeUndefined()
})

it('always chooses one of the candidates', () => {
  fc.assert(
    fc.property(candidates, fc.string(), (all, shard) => {
      expect(all.map(({ name }) => name)).toContain(winner(shard, all))
    }),
  )
})

it('chooses the same whatever the order of the candidates', () => {
  fc.assert(
    fc.property(candidates, fc.string(), (all, shard) => {
      expect(winner(shard, all.toReversed())).toBe(winner(shard, all))
    }),
  )
})

it('does not change its choice when another candidate goes', () => {
  fc.assert(
    fc.property(candidates, fc.string(), fc.nat(), (all, shard, which) => {
      const chosen = winner(shard, all)
      const others = all.filter(({ name }) => name !== chosen)
      fc.pre(others.length > 0)

      const gone = others[which % others.length]

      expect(
        winner(
          shard,
          all.filter((one) => one !== gone),
        ),
      ).toBe(chosen)
    }),
  )
})

it('changes its choice to a new candidate or not at all', () => {
  fc.assert(
    fc.property(candidates, fc.string(), (all, shard) => {
      const [added, ...before] = all
      fc.pre(before.length > 0)

      expect([winner(shard, before), added!.name]).toContain(winner(shard, all))
    }),
  )
})

it('gives each candidate a share after its weight', () => {
  const all = [1, 2, 3, 4].map((weight) => ({ name: `runner-${weight}:9000`, weight }))
  const wins = new Map<string | undefined, number>()
  const shards = 20_000

  for (let index = 0; index < shards; index += 1) {
    const name = winner(`default:${index}`, all)
    wins.set(name, (wins.get(name) ?? 0) + 1)
  }

  for (const { name, weight } of all) {
    const share = (wins.get(name) ?? 0) / shards
    expect(Math.abs(share - weight / 10)).toBeLessThan(0.015)
  }
})
