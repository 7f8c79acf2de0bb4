import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { PausableClock } from '../../src/cluster/pausable-clock.ts'

interface Scene {
  readonly time: VirtualClock
  readonly clock: PausableClock
  readonly log: string[]
  readonly note: (what: string) => () => void
}

function scene(): Scene {
  const time = new VirtualClock()
  const log: string[] = []
  const note = (what: string) => (): void => void log.push(`${what} at ${time.monotonic()}`)
  return { time, clock: new PausableClock(time), log, note }
}

it('runs timers and deferred callbacks as its time does', async () => {
  const { time, clock, log, note } = scene()

  clock.setTimer(10, note('timer'))
  clock.defer(note('deferred'))
  await time.advance(20)

  expect(log).toEqual(['deferred at 0', 'timer at 10'])
  expect(clock.monotonic()).toBe(20)
  expect(clock.now()).toBe(time.now())
})

it('holds while paused what is due, and runs it in order afterwards', async () => {
  const { time, clock, log, note } = scene()
  clock.setTimer(20, note('second'))
  clock.setTimer(10, note('first'))
  clock.defer(note('deferred'))

  clock.pause()
  await time.advance(100)
  expect(log).toEqual([])
  clock.resume()
  await time.runUntilIdle()

  expect(log).toEqual(['deferred at 100', 'first at 100', 'second at 100'])
})

it('runs nothing that was cancelled while it was held', async () => {
  const { time, clock, log, note } = scene()
  const timer = clock.setTimer(10, note('timer'))

  clock.pause()
  await time.advance(20)
  timer.cancel()
  clock.resume()
  await time.advance(20)

  expect(log).toEqual([])
  expect(time.pendingTimers()).toEqual([])
})

it('runs nothing any more once it is stopped', async () => {
  const { time, clock, log, note } = scene()
  clock.setTimer(10, note('timer'))
  clock.defer(note('deferred'))

  clock.stop()
  clock.setTimer(10, note('late timer')).cancel()
  clock.defer(note('late'))
  await time.advance(20)

  expect(log).toEqual([])
  expect(time.pendingTimers()).toEqual([])
})
