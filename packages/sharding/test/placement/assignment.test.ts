import { newestHashVersion, shardId } from '@cruster/core'
import type { RunnerInfo } from '@cruster/core/ports'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { assign, canHost, shardsOf } from '../../src/placement/assignment.ts'
import { runnerInfo } from '../runner-info.ts'

const placement = { hashVersion: newestHashVersion, shardsPerGroup: 64 }
const groups = ['default', 'gpu', 'eu']

const runners: fc.Arbitrary<readonly RunnerInfo[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.integer({ min: 1, max: 30 }),
      weight: fc.integer({ min: 0, max: 4 }),
      groups: fc.subarray(groups),
      state: fc.constantFrom<RunnerInfo['state']>('joining', 'active', 'active', 'draining'),
    })
    .map(({ name, ...fields }) => runnerInfo(`runner-${name}`, fields)),
  { selector: ({ address }) => address, maxLength: 8 },
)

it('assigns every shard of every group that somebody can host, and no other', () => {
  fc.assert(
    fc.property(runners, (all) => {
      const assignment = assign(all, placement)

      const hosted = groups.filter((group) => all.some((runner) => canHost(runner, group)))
      expect(assignment.size).toBe(hosted.length * placement.shardsPerGroup)
      for (const group of hosted) expect(assignment.has(shardId(group, 63))).toBe(true)
    }),
  )
})

it('assigns shards only to runners that can host them', () => {
  fc.assert(
    fc.property(runners, (all) => {
      for (const [shard, owner] of assign(all, placement)) {
        const runner = all.find(({ instanceId }) => instanceId === owner)
        expect(canHost(runner!, shard.split(':')[0]!)).toBe(true)
      }
    }),
  )
})

it('is the same on every runner, whatever the order in which it hears of them', () => {
  fc.assert(
    fc.property(runners, (all) => {
      expect(assign(all.toReversed(), placement)).toEqual(assign(all, placement))
    }),
  )
})

it('moves only shards of the runner that goes', () => {
  fc.assert(
    fc.property(runners, fc.nat(), (all, which) => {
      fc.pre(all.length > 0)
      const gone = all[which % all.length]!
      const before = assign(all, placement)

      const after = assign(
        all.filter((runner) => runner !== gone),
        placement,
      )

      for (const [shard, owner] of after) {
        if (before.get(shard) !== gone.instanceId) expect(owner).toBe(before.get(shard))
      }
    }),
  )
})

it('gives a restarted runner its shards back, although its instance is another', () => {
  const all = ['a', 'b', 'c'].map((name) => runnerInfo(name))
  const [first, ...rest] = all
  const before = shardsOf(assign(all, placement), first!.instanceId)

  const again = runnerInfo('a', { instanceId: runnerInfo('another life').instanceId })
  const after = shardsOf(assign([...rest, again], placement), again.instanceId)

  expect(after).toEqual(before)
  expect(before.size).toBeGreaterThan(0)
})

it('divides the shards among all runners without a rest', () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => runnerInfo(name))
  const assignment = assign(all, { ...placement, shardsPerGroup: 300 })

  const sizes = all.map(({ instanceId }) => shardsOf(assignment, instanceId).size)

  expect(sizes.reduce((sum, size) => sum + size)).toBe(300)
  expect(Math.min(...sizes)).toBeGreaterThan(40)
})
