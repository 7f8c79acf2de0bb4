import { VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import { UnlistedRuns } from '../../src/engine/unlisted-runs.ts'

function scene() {
  const clock = new VirtualClock()
  const timers = { set: 0, pending: 0 }
  const counted = {
    setTimer: (delayMs: number, callback: () => void) => {
      timers.set += 1
      timers.pending += 1
      let isPending = true
      const over = (): void => {
        if (isPending) timers.pending -= 1
        isPending = false
      }
      const timer = clock.setTimer(delayMs, () => {
        over()
        callback()
      })
      return {
        cancel: () => {
          over()
          timer.cancel()
        },
      }
    },
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    defer: (callback: () => void) => {
      clock.defer(callback)
    },
  }
  const asked: string[] = []
  const runs = new UnlistedRuns(counted, 500)
  const run = (name: string) => ({ list: () => void asked.push(`${name} at ${clock.monotonic()}`) })
  return { clock, timers, runs, asked, run }
}

describe('executions at work that are not listed', () => {
  it('are asked once to be, when they are at work for half a second at least and a second at most', async () => {
    const { clock, runs, asked, run } = scene()
    runs.add(run('a'))
    await clock.advance(300)
    runs.add(run('b'))
    await clock.advance(300)
    runs.add(run('c'))
    await clock.advance(10_000)

    expect(asked).toEqual(['a at 1000', 'b at 1000', 'c at 1500'])
  })

  it('are not asked when they have come to rest', async () => {
    const { clock, runs, asked, run } = scene()
    const [early, late, other] = [run('early'), run('late'), run('other')]
    for (const each of [early, late, other]) runs.add(each)
    runs.delete(early)
    await clock.advance(600)
    runs.delete(late)
    await clock.advance(10_000)

    expect(asked).toEqual(['other at 1000'])
  })

  it('are asked anew when they are at work again', async () => {
    const { clock, runs, asked, run } = scene()
    const again = run('again')
    runs.add(again)
    await clock.advance(900)
    runs.delete(again)
    runs.add(again)
    await clock.advance(900)
    expect(asked).toEqual([])
    await clock.advance(100)
    expect(asked).toEqual(['again at 1900'])
  })

  it('have one timer, which is set only while there are any', async () => {
    const { clock, timers, runs, run } = scene()
    expect(timers.pending).toBe(0)
    const many = Array.from({ length: 100 }, (_, index) => run(`${index}`))
    for (const each of many) runs.add(each)
    expect(timers).toEqual({ set: 1, pending: 1 })
    for (const each of many.slice(1)) runs.delete(each)
    expect(timers.pending).toBe(1)
    await clock.advance(2000)

    expect(timers).toEqual({ set: 2, pending: 0 })
    for (const each of many) runs.add(each)
    for (const each of many) runs.delete(each)
    expect(timers.pending).toBe(0)
  })
})
