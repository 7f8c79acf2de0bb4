import type { VirtualClock } from '@cruster/core/memory'
import type { Clock, Timer } from '@cruster/core/ports'
import { brokenLaws, clockLaws } from '@cruster/testing'
import { describe, expect, it } from 'vitest'
import { virtualClockWorld } from './clock-worlds.ts'

type Saboteur = (inner: VirtualClock) => Clock

const alter = (inner: VirtualClock, changes: Partial<Clock>): Clock => ({
  now: () => inner.now(),
  monotonic: () => inner.monotonic(),
  setTimer: (delayMs, callback) => inner.setTimer(delayMs, callback),
  defer: (callback) => inner.defer(callback),
  ...changes,
})

const noTimer: Timer = { cancel: () => {} }
const dear = (delayMs: number): number => Math.max(0, delayMs)

const saboteurs = {
  measuresWithTheWallClock: (inner) => alter(inner, { monotonic: () => inner.now() }),
  firesEarly: (inner) => alter(inner, { setTimer: (delayMs, run) => inner.setTimer(delayMs * 0.9, run) }),
  firesTwice: (inner) =>
    alter(inner, {
      setTimer: (delayMs, run) => {
        const timers = [inner.setTimer(delayMs, run), inner.setTimer(dear(delayMs) + 25, run)]
        return { cancel: () => timers.forEach((timer) => timer.cancel()) }
      },
    }),
  firesAtOnceWithoutDelay: (inner) =>
    alter(inner, {
      setTimer: (delayMs, run) => {
        if (delayMs > 0) return inner.setTimer(delayMs, run)
        run()
        return noTimer
      },
    }),
  firesWhatIsCancelled: (inner) =>
    alter(inner, {
      setTimer: (delayMs, run) => {
        inner.setTimer(delayMs, run)
        return noTimer
      },
    }),
  firesEqualTimersBackwards: (inner) => {
    let laterBy = 0.9
    return alter(inner, { setTimer: (delayMs, run) => inner.setTimer(dear(delayMs) + (laterBy *= 0.9), run) })
  },
  firesLongTimersFirst: (inner) =>
    alter(inner, { setTimer: (delayMs, run) => inner.setTimer(100 + (delayMs > 30 ? 0 : dear(delayMs)), run) }),
  defersAsATimer: (inner) => alter(inner, { defer: (run) => void inner.setTimer(1, run) }),
  defersNotAtAll: (inner) => alter(inner, { defer: (run) => run() }),
  defersBackwards: (inner) => {
    const waiting: (() => void)[] = []
    return alter(inner, {
      defer: (run) => {
        waiting.push(run)
        inner.defer(() => waiting.pop()?.())
      },
    })
  },
} satisfies Record<string, Saboteur>

/** Which laws each broken variant of a sound clock breaks: these and no others. */
const noticed: Readonly<Record<keyof typeof saboteurs, readonly string[]>> = {
  measuresWithTheWallClock: ['CK1'],
  firesEarly: ['CK2'],
  firesTwice: ['CK2', 'CK4'],
  firesAtOnceWithoutDelay: ['CK2', 'CK5'],
  firesWhatIsCancelled: ['CK3'],
  firesEqualTimersBackwards: ['CK4'],
  firesLongTimersFirst: ['CK4'],
  defersAsATimer: ['CK5'],
  defersNotAtAll: ['CK5'],
  defersBackwards: ['CK5'],
}

describe('the laws of clocks notice a clock that', () => {
  it.each(Object.entries<Saboteur>(saboteurs))('%s', async (name, saboteur) => {
    const broken = await brokenLaws({ name, open: () => virtualClockWorld(saboteur) }, clockLaws)

    expect(broken).toEqual(noticed[name as keyof typeof saboteurs])
  })

  it('breaks any one of them', () => {
    const all = new Set(Object.values(noticed).flat())

    expect(clockLaws.map(({ id }) => id).filter((id) => !all.has(id))).toEqual([])
  })
})
