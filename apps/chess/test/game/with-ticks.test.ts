import { describe, expect, it } from 'vitest'
import { collected } from '../collected.ts'
import { withTicks } from '../../src/game/with-ticks.ts'

/** A clock whose timers fire when told. */
function handClock() {
  const timers = new Set<() => void>()
  return {
    timers,
    fire: () => [...timers].forEach((callback) => callback()),
    time: {
      now: () => 0,
      setTimer: (_: number, callback: () => void) => {
        timers.add(callback)
        return { cancel: () => void timers.delete(callback) }
      },
    },
  }
}

async function* never(first: number): AsyncGenerator<number> {
  yield first
  await new Promise(() => undefined)
}

describe('a sequence with ticks', () => {
  it('passes values on and ends with its source', async () => {
    const { time, timers } = handClock()
    const source = (async function* () {
      yield* [1, 2, 3]
    })()

    const values = await collected(withTicks(source, { time, everyMs: 10, signal: new AbortController().signal }))

    expect(values).toEqual([1, 2, 3])
    expect(timers.size).toBe(0)
  })

  it('repeats the latest value at a tick', async () => {
    const { time, fire } = handClock()
    const values = withTicks(never(7), { time, everyMs: 10, signal: new AbortController().signal })

    await values.next()
    const ticked = values.next()
    await Promise.resolve()
    fire()

    expect(await ticked).toEqual({ done: false, value: 7 })
  })

  it('ends when it is aborted', async () => {
    const { time, timers } = handClock()
    const aborter = new AbortController()
    const source = never(7)
    source.return = async () => ({ done: true, value: undefined })
    const values = withTicks(source, { time, everyMs: 10, signal: aborter.signal })

    await values.next()
    const last = values.next()
    await Promise.resolve()
    aborter.abort()

    expect((await last).done).toBe(true)
    expect(timers.size).toBe(0)
  })
})
