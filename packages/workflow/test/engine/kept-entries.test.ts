import { encode, requestId } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import { keptBefore } from '../../src/engine/kept-entries.ts'
import type { JournalEntry, RecordedEvent } from '../../src/journal/journal-entry.ts'
import { started, success } from '../replay/scripted-run.ts'

const digest = new Uint8Array()
const done = (step: number): JournalEntry => ({
  kind: 'done',
  step,
  of: 'activity',
  name: `a${step}`,
  digest,
  exit: success(step),
  attempts: 1,
  at: 0,
})
const sleeping = (step: number): JournalEntry => ({
  kind: 'waiting',
  step,
  of: 'sleep',
  name: '',
  digest,
  dueAt: 1,
  timer: requestId(`t${step}`),
  child: undefined,
})
const event = (message: string, of: RecordedEvent): JournalEntry => ({
  kind: 'event',
  message: requestId(message),
  event: of,
  at: 0,
})
const signal = { kind: 'signal', name: 'go', payload: encode(1) } as const
const timer = (step: number): RecordedEvent => ({ kind: 'timer', run: 1, step, attempt: 0 })

describe('what a restart keeps', () => {
  const journal = [
    started,
    done(1),
    sleeping(2),
    event('m1', timer(2)),
    sleeping(3),
    event('m2', signal),
    done(4),
    event('m3', signal),
    { kind: 'ended', status: 'failed', exit: success(0), at: 0 } as const,
  ]

  it('is nothing from the start, but the signals that had come', () => {
    expect(keptBefore(journal)).toEqual({ kept: [], carried: [signal, signal] })
    expect(keptBefore(journal, 1)).toEqual({ kept: [], carried: [signal, signal] })
  })

  it('is everything before the step, but waits that had not ended', () => {
    expect(keptBefore(journal, 4)).toEqual({
      kept: [done(1), sleeping(2), event('m1', timer(2)), event('m2', signal)],
      carried: [signal],
    })
  })

  it('is the whole work when the step is yet to come, without the end', () => {
    expect(keptBefore(journal, 9).kept).toEqual([
      done(1),
      sleeping(2),
      event('m1', timer(2)),
      event('m2', signal),
      done(4),
      event('m3', signal),
    ])
  })

  it('is no cancellation and no pause', () => {
    const stopped = [
      started,
      event('m1', { kind: 'cancel', reason: 'x' }),
      { kind: 'paused', by: 'user', note: undefined, at: 0 } as const,
      done(1),
    ]
    expect(keptBefore(stopped, 5).kept).toEqual([done(1)])
  })
})
