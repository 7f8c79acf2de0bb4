import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/error/config-error.ts'
import { VirtualClock } from '../../src/memory/virtual-clock.ts'

describe('a virtual clock', () => {
  it('does not move by itself', async () => {
    const clock = new VirtualClock({ now: 1000 })

    await clock.runUntilIdle()

    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0])
  })

  it('moves both clocks as far as it is told, past the last timer', async () => {
    const clock = new VirtualClock({ now: 1000 })
    clock.setTimer(10, () => {})

    await clock.advance('1 hour')

    expect([clock.now(), clock.monotonic()]).toEqual([3_601_000, 3_600_000])
  })

  it('fires each timer at its own time, those set meanwhile included', async () => {
    const clock = new VirtualClock()
    const log: string[] = []
    const note = (what: string): void => void log.push(`${clock.monotonic()} ${what}`)
    clock.setTimer(30, () => note('third'))
    clock.setTimer(10, () => {
      note('first')
      clock.setTimer(5, () => note('second'))
    })

    await clock.advance(30)

    expect(log).toEqual(['10 first', '15 second', '30 third'])
  })

  it('finishes all work that a timer makes ready before the next one fires', async () => {
    const clock = new VirtualClock()
    const log: string[] = []
    clock.setTimer(10, () => {
      void (async () => {
        for (let step = 0; step < 50; step += 1) await Promise.resolve()
        log.push('promises')
        clock.defer(() => {
          log.push('deferred')
          void Promise.resolve().then(() => clock.defer(() => log.push('deferred again')))
        })
      })()
    })
    clock.setTimer(10, () => log.push('next timer'))

    await clock.advance(10)

    expect(log).toEqual(['promises', 'deferred', 'deferred again', 'next timer'])
  })

  it('lets a timer cancel another that is due at the same time', async () => {
    const clock = new VirtualClock()
    const fired: string[] = []
    clock.setTimer(10, () => {
      void Promise.resolve().then(() => second.cancel())
    })
    const second = clock.setTimer(10, () => fired.push('second'))

    await clock.advance(10)

    expect(fired).toEqual([])
  })

  it('runs deferred callbacks without being advanced', async () => {
    const clock = new VirtualClock()

    const ran = await new Promise((resolve) => clock.defer(() => resolve('ran')))

    expect(ran).toBe('ran')
  })

  it('keeps advances that overlap apart', async () => {
    const clock = new VirtualClock()
    const times: number[] = []
    clock.setTimer(15, () => times.push(clock.monotonic()))

    await Promise.all([clock.advance(10), clock.advance(10)])

    expect([...times, clock.monotonic()]).toEqual([15, 20])
  })

  it('jumps in wall time only', async () => {
    const clock = new VirtualClock({ now: 1000 })

    clock.jumpWallClock(-600)
    await clock.advance(100)

    expect([clock.now(), clock.monotonic()]).toEqual([500, 100])
  })

  it('tells which timers are pending', async () => {
    const clock = new VirtualClock()
    clock.setTimer(30, () => {})
    clock.setTimer(10, () => {}).cancel()
    clock.setTimer(20, () => {})

    await clock.advance(5)

    expect(clock.pendingTimers()).toEqual([15, 25])
  })

  it('rejects the advance in which a timer throws, and goes on after it', async () => {
    const clock = new VirtualClock()
    const fired: string[] = []
    clock.setTimer(10, () => {
      throw new Error('from a timer')
    })
    clock.setTimer(20, () => fired.push('later'))

    await expect(clock.advance(20)).rejects.toThrow('from a timer')
    await clock.advance(10)

    expect(fired).toEqual(['later'])
  })

  it('refuses to go back', async () => {
    await expect(new VirtualClock().advance(-1)).rejects.toThrow(ConfigError)
  })
})
