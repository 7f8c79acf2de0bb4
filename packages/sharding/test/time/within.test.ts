import { VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import type { Settling } from '../../src/time/within.ts'
import { settleWithin, within } from '../../src/time/within.ts'

interface Seen extends Settling<number> {
  readonly calls: unknown[]
}

function seen(): Seen {
  const calls: unknown[] = []
  return {
    calls,
    done: (value) => calls.push(['done', value]),
    late: () => calls.push(['late']),
    failed: (error) => calls.push(['failed', error]),
  }
}

/** Work that takes so long, in virtual time. */
function work(clock: VirtualClock, delayMs: number, error?: Error): Promise<number> {
  return new Promise((resolve, reject) => {
    clock.setTimer(delayMs, () => {
      if (error === undefined) resolve(delayMs)
      else reject(error)
    })
  })
}

describe('work that has a limit', () => {
  it.each([
    { what: 'done', delayMs: 10, error: undefined, calls: [['done', 10]] },
    { what: 'late', delayMs: 30, error: undefined, calls: [['late']] },
    { what: 'failed', delayMs: 10, error: new Error('no'), calls: [['failed', new Error('no')]] },
    { what: 'late, whatever comes of it afterwards', delayMs: 30, error: new Error('no'), calls: [['late']] },
  ])('is $what, once', async ({ delayMs, error, calls }) => {
    const clock = new VirtualClock()
    const settling = seen()
    settleWithin(clock, { work: work(clock, delayMs, error), limitMs: 20 }, settling)
    await clock.advance(100)

    expect(settling.calls).toEqual(calls)
  })

  it('has failed when what is done with it throws', async () => {
    const clock = new VirtualClock()
    const thrown = new Error('not like this')
    const settling = seen()
    const throwing: Settling<number> = {
      ...settling,
      done: () => {
        throw thrown
      },
    }
    settleWithin(clock, { work: work(clock, 10), limitMs: 20 }, throwing)
    await clock.advance(100)

    expect(settling.calls).toEqual([['failed', thrown]])
  })

  it('says whether it was done', async () => {
    const clock = new VirtualClock()
    const both = Promise.all([within(clock, 20, work(clock, 10)), within(clock, 20, work(clock, 30))])
    await clock.advance(100)

    expect(await both).toEqual([true, false])
  })
})
