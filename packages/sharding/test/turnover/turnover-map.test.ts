import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TurnoverMap } from '../../src/turnover/turnover-map.ts'
import { TurnoverSet } from '../../src/turnover/turnover-set.ts'

const key = fc.integer({ min: 0, max: 40 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key }) },
)

it('holds what a Map holds, in the same order, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const map = new Map<number, number>()
      const turnover = new TurnoverMap<number, number>()
      for (const [index, each] of steps.entries()) {
        if (each.do === 'set') [map, turnover].forEach((one) => one.set(each.key, index))
        else if (each.do === 'clear') [map, turnover].forEach((one) => one.clear())
        else expect(turnover.delete(each.key)).toBe(map.delete(each.key))
        expect([...turnover]).toEqual([...map])
        expect(turnover.size).toBe(map.size)
        expect(turnover.get(each.key)).toBe(map.get(each.key))
        expect(turnover.has(each.key)).toBe(map.has(each.key))
      }
    }),
  )
})

it('does not show an entry that has left while somebody goes through it', () => {
  const values = new TurnoverSet<number>()
  for (let value = 0; value < 100; value++) values.add(value)
  const seen: number[] = []
  for (const value of values) {
    seen.push(value)
    for (let other = value + 1; other % 10 !== 0; other++) values.delete(other)
  }
  expect(seen).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
  expect([...values]).toEqual(seen)
})

it('shows nothing more once it was cleared', () => {
  const map = new TurnoverMap<number, number>()
  for (const one of [1, 2, 3]) map.set(one, one)
  const seen: number[] = []
  for (const one of map.values()) {
    seen.push(one)
    map.clear()
  }
  expect(seen).toEqual([1])
})

it('lets quick collections free what has left, also after a full one', () => {
  setFlagsFromString('--expose-gc')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's own
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void
  const map = new TurnoverMap<number, unknown>()
  for (let entry = 0; entry < 64; entry++)
    map.set(
      entry,
      Array.from({ length: 1000 }, () => entry),
    )
  collect({ type: 'major' })
  const before = process.memoryUsage().heapUsed
  for (let entry = 64; entry < 20_000; entry++) {
    map.delete(entry - 64)
    map.set(
      entry,
      Array.from({ length: 1000 }, () => entry),
    )
    if (entry % 200 === 0) collect({ type: 'minor' })
  }
  collect({ type: 'minor' })
  // With a Map it is 160 MB: all that was ever in it.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(16_000_000)
})
