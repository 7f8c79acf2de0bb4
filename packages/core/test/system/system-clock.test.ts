import { execFileSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { SystemClock } from '../../src/system/system-clock.ts'

describe('a system clock', () => {
  it('asks the host for one timer at a time, and never for more than it can take', () => {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const clock = new SystemClock()

    const timers = [2 ** 40, 2 ** 41, Infinity].map((delayMs) => clock.setTimer(delayMs, () => {}))

    expect(setTimeout.mock.calls.map(([, delayMs]) => delayMs)).toEqual([2 ** 31 - 1])
    for (const timer of timers) timer.cancel()
    setTimeout.mockRestore()
  })

  it('never asks the host for less than no time, however busy the machine is', () => {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const now = vi.spyOn(performance, 'now')
    for (const ms of [1000, 1010]) now.mockReturnValueOnce(ms)

    new SystemClock().setTimer(1, () => {}).cancel()

    expect(setTimeout.mock.calls.map(([, delayMs]) => delayMs)).toEqual([0])
    setTimeout.mockRestore()
    now.mockRestore()
  })

  it('leaves no timer with the host when the last one is cancelled', () => {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const clearTimeout = vi.spyOn(globalThis, 'clearTimeout')
    const clock = new SystemClock()

    clock.setTimer(1000, () => {}).cancel()

    expect(clearTimeout.mock.calls).toEqual([[setTimeout.mock.results[0]?.value]])
    setTimeout.mockRestore()
    clearTimeout.mockRestore()
  })

  it('fires timers of different lengths in the order of their due times', async () => {
    const clock = new SystemClock()
    const fired: number[] = []

    await new Promise<void>((resolve) => {
      for (const delayMs of [3, 1, 2, 1, 0]) clock.setTimer(delayMs, () => fired.push(delayMs))
      clock.setTimer(4, resolve)
    })

    expect(fired).toEqual([0, 1, 1, 2, 3])
  })

  it('lets promises settled by one timer be heard before the next one', async () => {
    const clock = new SystemClock()
    const log: string[] = []
    await new Promise<void>((resolve) => {
      clock.setTimer(0, () => {
        log.push('first')
        void Promise.resolve().then(() => log.push('promise'))
      })
      clock.setTimer(0, () => log.push('second'))
      clock.setTimer(1, resolve)
    })

    expect(log).toEqual(['first', 'promise', 'second'])
  })

  it('fires the others when one throws, and lets the process hear of it', () => {
    const script = `
      import { SystemClock } from '${new URL('../../src/system/system-clock.ts', import.meta.url).href}'
      const clock = new SystemClock()
      const log = []
      process.on('uncaughtException', (error) => log.push(error.message))
      process.on('exit', () => process.stdout.write(log.join(' ')))
      clock.defer(() => { throw new Error('deferred') })
      clock.defer(() => log.push('next-deferred'))
      clock.setTimer(1, () => { throw new Error('timer') })
      clock.setTimer(2, () => log.push('next-timer'))`

    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })

    expect(output).toBe('next-deferred deferred timer next-timer')
  })
})
