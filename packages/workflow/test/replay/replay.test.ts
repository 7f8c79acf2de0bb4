import { encode, requestId } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/journal/journal-entry.ts'
import type { Body } from './scripted-run.ts'
import { ScriptedRun, started, success } from './scripted-run.ts'

/** A body of steps one after the other. */
const steps =
  (...names: readonly string[]): Body =>
  async ({ step }) => {
    for (const name of names) await step(name)
  }

/** The journal of a body whose steps were all done. */
async function recorded(body: Body, count: number): Promise<readonly JournalEntry[]> {
  const run = new ScriptedRun(body)
  for (let step = 1; step <= count; step += 1) {
    await run.advance()
    run.done(step, step)
  }
  await run.advance()
  return run.journal
}

async function over(journal: readonly JournalEntry[], body: Body): Promise<ScriptedRun> {
  const run = new ScriptedRun(body, journal)
  await run.advance()
  return run
}

const event = (run: ScriptedRun, name: string, value: unknown): void => {
  run.event({ kind: 'signal', name, payload: encode(value) })
}

describe('a body that changed', () => {
  const old = steps('reserve', 'charge', 'charge', 'ship')

  it.each([
    ['inserted', steps('reserve', 'audit', 'charge', 'charge', 'ship'), 2, 'activity charge', 'activity audit'],
    ['removed', steps('reserve', 'charge', 'ship'), 3, 'activity charge (2nd)', 'activity ship'],
    ['renamed', steps('reserve', 'bill', 'charge', 'ship'), 2, 'activity charge', 'activity bill'],
    ['reordered', steps('charge', 'reserve', 'charge', 'ship'), 1, 'activity reserve', 'activity charge'],
    ['repeated', steps('reserve', 'charge', 'charge', 'charge', 'ship'), 4, 'activity ship', 'activity charge (3rd)'],
  ])('by an %s step stops there and says so', async (...[, changed, step, recordedText, asked]) => {
    const run = await over(await recorded(old, 4), changed)

    expect(run.replay.mismatch).toMatchObject({ execution: 'Workflow/Test/1', step, recorded: recordedText, asked })
    expect(run.trace.filter((line) => line.includes('gave'))).toHaveLength(step - 1)
  })

  it('by another input says both digests', async () => {
    const journal = await recorded(({ step }) => step('charge', { amount: 5 }), 1)
    const run = await over(journal, ({ step }) => step('charge', { amount: 6 }))

    const { recordedDigest, askedDigest, ...rest } = run.replay.mismatch ?? {}
    expect(rest).toMatchObject({ step: 1, recorded: 'activity charge', asked: 'activity charge' })
    expect(recordedDigest).toMatch(/^[\da-f]{32}$/u)
    expect(askedDigest).toMatch(/^[\da-f]{32}$/u)
    expect(askedDigest).not.toBe(recordedDigest)
  })

  it('so that it ends early is stopped at the step that it does not come to', async () => {
    const run = await over(await recorded(old, 4), steps('reserve'))

    expect(run.replay.mismatch).toMatchObject({ step: 2, recorded: 'activity charge', asked: undefined })
  })

  it('in what is not recorded so far goes on', async () => {
    const run = await over(await recorded(old, 2), steps('reserve', 'charge', 'audit'))

    expect(run.replay.mismatch).toBeUndefined()
    expect(run.open.map(({ name }) => name)).toEqual(['audit'])
  })

  it('by another wait stops, although nobody has answered it', async () => {
    const before = new ScriptedRun(({ wait }) => wait('signal', 'go'))
    await before.advance()
    before.waiting(1)
    const run = await over(before.journal, ({ wait }) => wait('signal', 'stop'))

    expect(run.replay.mismatch).toMatchObject({ recorded: 'signal go', asked: 'signal stop' })
  })

  it('asks for a value where a step is recorded, and gets none', async () => {
    const journal = await recorded(steps('reserve'), 1)
    const run = await over(journal, async ({ value }) => value('now', () => 1))

    expect(run.replay.mismatch).toMatchObject({ recorded: 'activity reserve', asked: 'now' })
    expect(run.trace).toEqual([])
  })
})

describe('steps that run beside each other', () => {
  it('end in the order of the journal, whatever their numbers', async () => {
    const body: Body = async ({ step }) => Promise.race([step('a'), step('b'), step('c')])
    const run = new ScriptedRun(body)
    await run.advance()
    for (const step of [3, 1, 2]) run.done(step, step)
    await run.advance()

    expect(run.ended).toEqual({ value: 3 })
    expect((await over(run.journal, body)).trace).toEqual(run.trace)
    expect(run.trace.slice(3)).toEqual(['activity c gave 3', 'activity a gave 1', 'activity b gave 2'])
  })

  it('let the body run between two deliveries', async () => {
    const order: string[] = []
    const run = new ScriptedRun(async ({ step }) => {
      const branch = async (name: string): Promise<void> => {
        await step(name)
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
        order.push(name)
      }
      await Promise.all([branch('a'), branch('b')])
    })
    await run.advance()
    run.done(2, 0)
    run.done(1, 0)
    await run.advance()

    expect(order).toEqual(['b', 'a'])
  })
})

describe('signals', () => {
  it('are taken in the order in which they came, also before anybody waits', async () => {
    const run = new ScriptedRun(async ({ step, wait }) => {
      await step('first')
      return [await wait('signal', 'go'), await wait('signal', 'go'), await wait('signal', 'go')]
    })
    await run.advance()
    event(run, 'go', 1)
    event(run, 'stop', 'x')
    event(run, 'go', 2)
    run.done(1, 0)
    await run.advance()
    event(run, 'go', 3)
    await run.advance()

    expect(run.ended).toEqual({ value: [1, 2, 3] })
  })

  it('that nobody takes are what a next run begins with', async () => {
    const run = new ScriptedRun(async ({ wait }) => wait('signal', 'go'))
    await run.advance()
    for (const value of [1, 2, 3]) event(run, 'go', value)
    await run.advance()

    const carried = run.replay.arrivals.untaken()
    expect(carried).toEqual([2, 3].map((value) => ({ kind: 'signal', name: 'go', payload: encode(value) })))
    const next = new ScriptedRun(async ({ wait }) => wait('signal', 'go'), [{ ...started, run: 2, carried }])
    await next.advance()
    expect(next.ended).toEqual({ value: 2 })
  })

  it('are not taken by a wait that was given up', async () => {
    const run = new ScriptedRun(async ({ wait, replay }) => {
      void wait('signal', 'go')
      const [first] = replay.open
      if (first !== undefined) replay.withdraw(first)
      return wait('signal', 'go')
    })
    await run.advance()
    event(run, 'go', 'kept')
    await run.advance()

    expect(run.ended).toEqual({ value: 'kept' })
  })
})

describe('a wait with a time', () => {
  it('ends when its time is over, and not before it began', async () => {
    const run = new ScriptedRun(({ wait }) => wait('sleep', ''))
    await run.advance()
    run.event({ kind: 'timer', run: 1, step: 1, attempt: 0 })
    await run.advance()
    expect(run.ended).toBeUndefined()

    run.waiting(1)
    run.event({ kind: 'timer', run: 1, step: 1, attempt: 0 })
    await run.advance()
    expect(run.ended).toEqual({ value: undefined })
  })

  it('is not ended by the time of an attempt that has failed meanwhile', async () => {
    const run = new ScriptedRun(({ step }) => step('flaky'))
    await run.advance()
    const { digest } = run.open[0] ?? {}
    const failed = { step: 1, of: 'activity', name: 'flaky', digest, begunAt: 0, at: 0, retryAt: 9 } as const
    const error = { family: 'remote', name: 'Error', message: 'no' } as const
    run.replay.append({ kind: 'attemptFailed', ...failed, attempt: 1, error, timer: requestId('t1') })
    await run.advance()
    expect(run.open[0]?.isReady).toBe(false)

    run.event({ kind: 'timer', run: 1, step: 1, attempt: 1 })
    await run.advance()
    expect(run.open[0]?.isReady).toBe(false)

    run.event({ kind: 'timer', run: 1, step: 1, attempt: 2 })
    await run.advance()
    expect(run.open[0]).toMatchObject({ isReady: true, attempt: 2 })
    expect((await over(run.journal, ({ step }) => step('flaky'))).open[0]).toMatchObject({ isReady: true, attempt: 2 })
  })
})

describe('a cancellation', () => {
  const cancel = { kind: 'cancel', reason: 'enough' } as const

  it('ends what is open, and what is asked for afterwards', async () => {
    const run = new ScriptedRun(async ({ step, wait }) => {
      await Promise.allSettled([step('a'), wait('signal', 'go')])
      return step('b')
    })
    await run.advance()
    run.event(cancel)
    await run.advance()

    expect(run.trace.slice(2)).toEqual([
      'activity a cancelled',
      'signal go cancelled',
      'ask activity b',
      'activity b cancelled',
    ])
    expect(run.replay.takeClosed().map(({ name }) => name)).toEqual(['a', 'go'])
  })

  it('waits for a section that is not to be interrupted, and lets one that begins later work', async () => {
    const run = new ScriptedRun(async ({ step, replay }) => {
      const { cancellation } = replay
      cancellation.enter()
      await step('inside')
      cancellation.leave()
      await step('outside').catch(() => undefined)
      cancellation.enter()
      await step('clean up')
    })
    await run.advance()
    run.event(cancel)
    await run.advance()
    expect(run.open.map(({ name }) => name)).toEqual(['inside'])

    run.done(1, 0)
    await run.advance()
    expect(run.trace).toContain('activity outside cancelled')
    expect(run.open.map(({ name }) => name)).toEqual(['clean up'])
  })

  it('tells who listens first, once', async () => {
    const heard: string[] = []
    const run = new ScriptedRun(async ({ step, replay }) => {
      replay.cancellation.onInterrupt((reason) => heard.push(`heard ${reason}`))
      await step('a').catch(() => heard.push('failed'))
    })
    await run.advance()
    run.event(cancel)
    run.event({ kind: 'cancel', reason: 'again' })
    await run.advance()

    expect(heard).toEqual(['heard enough', 'failed'])
  })
})

describe('patched', () => {
  const body: Body = async ({ step, replay }) => {
    await step('old')
    const isNew = replay.patched('p', encode(true))
    await step(isNew ? 'new' : 'kept')
    return [isNew, replay.patched('p', encode(true))]
  }

  it('is true, and recorded, where an execution comes to it for the first time', async () => {
    const run = new ScriptedRun(body)
    await run.advance()
    run.done(1, 0)
    await run.advance()
    run.done(3, 0)
    await run.advance()

    expect(run.ended).toEqual({ value: [true, true] })
    expect((await over(run.journal, body)).ended).toEqual({ value: [true, true] })
  })

  it('is false, and takes no number, where an execution had gone on without it', async () => {
    const journal = await recorded(steps('old', 'kept'), 2)
    const run = await over(journal, body)

    expect(run.replay.mismatch).toBeUndefined()
    expect(run.ended).toEqual({ value: [false, false] })
  })
})

describe('whether a checkpoint exists', () => {
  const yes = (exists: boolean): Uint8Array => encode(exists)
  const isThere = (bytes: Uint8Array): boolean => bytes[1] === encode(true)[1]

  it('is recorded when it is asked, so that it does not change with what comes later', async () => {
    const body: Body = async ({ replay, step, value }) => {
      const before = isThere(replay.checkpointExists('status', yes))
      value('checkpoint', () => 'x')
      await step('a')
      return [before]
    }
    const run = new ScriptedRun(body)
    await run.advance()
    run.done(3, 0)
    await run.advance()

    expect(run.ended).toEqual({ value: [false] })
    expect((await over(run.journal, body)).ended).toEqual({ value: [false] })
  })

  it('is told of the whole journal to code that did not ask when it was written', async () => {
    const journal = await recorded(({ step }) => step('charge', 1, 'compute'), 1)
    const answers: boolean[] = []
    await over(journal, async ({ step, replay }) => {
      answers.push(isThere(replay.checkpointExists('charge', yes)), isThere(replay.checkpointExists('other', yes)))
      await step('charge', 1, 'compute')
    })

    expect(answers).toEqual([true, false])
  })
})

describe('a pause', () => {
  it('holds back what comes after it until there is a resume', async () => {
    const run = new ScriptedRun(({ step }) => step('a'))
    await run.advance()
    run.replay.append({ kind: 'paused', by: 'user', note: undefined, at: 0 })
    run.done(1, 7)
    expect(await run.advance()).toBe('paused')
    expect(run.ended).toBeUndefined()

    run.replay.append({ kind: 'resumed', at: 0 })
    expect(await run.advance()).toBe('none')
    expect(run.ended).toEqual({ value: 7 })
  })
})

describe('a journal', () => {
  it('that does not begin with a start is refused', () => {
    const entry: JournalEntry = { kind: 'resumed', at: 0 }
    expect(() => new ScriptedRun(steps('a'), [entry])).toThrow('begins with the start')
  })

  it('is being replayed until its last entry was delivered', async () => {
    const journal = await recorded(steps('a', 'b'), 2)
    const run = new ScriptedRun(steps('a', 'b'), journal)
    const states: boolean[] = [run.replay.isReplaying]
    for (let index = 1; index < journal.length; index += 1) {
      await run.deliverOne()
      states.push(run.replay.isReplaying)
    }

    expect(states).toEqual([true, true, false])
  })

  it('gives a child its end, to the step that started it and to whoever asks for it', async () => {
    const ref = { type: 'Workflow/C', id: 'c' }
    const run = new ScriptedRun(async ({ step, replay }) => {
      const first = step('C', 1, 'child')
      const second = new Promise((resolve) => {
        const end = (result: { kind: string }): void => resolve(result.kind)
        replay.ask({
          kind: 'childWait',
          name: 'C',
          digest: undefined,
          task: undefined,
          awaits: { kind: 'child', child: ref },
          end,
        })
      })
      return [await first, await second]
    })
    await run.advance()
    const { digest } = run.open[0] ?? {}
    const shard = 'default:0'
    run.replay.append({
      kind: 'waiting',
      step: 1,
      of: 'child',
      name: 'C',
      digest,
      dueAt: undefined,
      timer: undefined,
      child: { ...ref, shard: shard as never, detached: false },
    })
    await run.advance()
    expect(run.replay.arrivals.attached).toHaveLength(1)
    run.event({ kind: 'childEnded', run: 1, step: 1, exit: success('done') })
    await run.advance()

    expect(run.ended).toEqual({ value: ['done', 'exit'] })
    expect(run.replay.arrivals.attached).toEqual([])
  })
})
