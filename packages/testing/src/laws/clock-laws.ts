import assert from 'node:assert/strict'
import { eventually } from '../eventually.ts'
import type { Law } from '../law.ts'
import type { ClockWorld } from './clock/clock-world.ts'

const hour = 3_600_000
const patience = 2000

/** What every `Clock` promises. */
export const clockLaws: readonly Law<ClockWorld>[] = [
  {
    id: 'CK1',
    title: '`monotonic` never goes backwards, whatever happens to `now`',
    async check(world) {
      const { clock } = world
      const readings = [clock.monotonic()]
      for (const jumpMs of [-hour, 3 * hour, -hour]) {
        world.jumpWallClock(jumpMs)
        readings.push(clock.monotonic())
        await world.advance(5)
        readings.push(clock.monotonic())
      }
      world.jumpWallClock(-hour)

      const forward = readings.toSorted((a, b) => a - b)
      assert.deepEqual(readings, forward, 'it went backwards')
      assert.ok((readings.at(-1) ?? 0) - (readings[0] ?? 0) < hour, 'it followed the wall clock')
    },
  },
  {
    id: 'CK2',
    title: 'a timer fires once, never before its delay has passed, never synchronously',
    async check(world) {
      const { clock } = world
      const delays = [-5, 0, 1, 7, 20]
      const start = clock.monotonic()
      const fired: { readonly delayMs: number; readonly afterMs: number }[] = []
      for (const delayMs of delays) {
        clock.setTimer(delayMs, () => fired.push({ delayMs, afterMs: clock.monotonic() - start }))
      }
      assert.equal(fired.length, 0, 'a timer fired synchronously')

      await eventually(world, 'all timers fired', { withinMs: patience, holds: () => fired.length >= delays.length })
      await world.advance(50)

      assert.deepEqual(
        fired.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b),
        delays,
        'each timer fires once',
      )
      for (const { delayMs, afterMs } of fired) assert.ok(afterMs >= delayMs, `${delayMs} ms fired after ${afterMs} ms`)
    },
  },
  {
    id: 'CK3',
    title: 'a cancelled timer does not fire',
    async check(world) {
      const { clock } = world
      const fired: string[] = []
      const cancelled = clock.setTimer(5, () => fired.push('cancelled'))
      const first = clock.setTimer(10, () => {
        fired.push('first')
        second.cancel()
      })
      const second = clock.setTimer(20, () => fired.push('cancelled by the first'))
      clock.setTimer(30, () => fired.push('last'))
      cancelled.cancel()
      cancelled.cancel()

      await eventually(world, 'the last timer fired', { withinMs: patience, holds: () => fired.includes('last') })
      first.cancel()

      assert.deepEqual(fired, ['first', 'last'])
    },
  },
  {
    id: 'CK4',
    title: 'timers fire in the order of their due times, equal ones in the order in which they were set',
    async check(world) {
      const { clock } = world
      const fired: string[] = []
      for (const delayMs of [40, 20, 60, 0, 20]) clock.setTimer(delayMs, () => fired.push(`${delayMs}`))
      for (const name of ['a', 'b', 'c']) clock.setTimer(20, () => fired.push(name))
      clock.setTimer(80, () => fired.push('last'))

      await eventually(world, 'the last timer fired', { withinMs: patience, holds: () => fired.includes('last') })

      assert.deepEqual(fired, ['0', '20', '20', 'a', 'b', 'c', '40', '60', 'last'])
    },
  },
  {
    id: 'CK5',
    title: '`defer` runs its callbacks in order, after the current work, before any timer set later',
    async check(world) {
      const { clock } = world
      for (let round = 0; round < 20; round += 1) {
        const log: string[] = []
        clock.defer(() => {
          log.push('first')
          clock.defer(() => log.push('deferred meanwhile'))
        })
        clock.defer(() => log.push('second'))
        clock.setTimer(0, () => log.push('timer'))
        log.push('current work')

        await eventually(world, 'all ran', { withinMs: patience, holds: () => log.length === 5 })

        assert.deepEqual(log.slice(0, 3), ['current work', 'first', 'second'])
        assert.deepEqual(log.slice(3).toSorted(), ['deferred meanwhile', 'timer'])
      }
    },
  },
]
