import { encode, requestId, shardId } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import { decodeEntry, encodeEntry } from '../../src/journal/entry-codec.ts'
import type { JournalEntry } from '../../src/journal/journal-entry.ts'
import { stepOf } from '../../src/journal/journal-entry.ts'

const address = { shard: shardId('default', 3), type: 'Workflow/Order', id: 'o-1' }
const bytes = Uint8Array.of(1, 2, 3)
const step = { step: 4, of: 'activity', name: 'charge', digest: bytes } as const
const error = { family: 'remote', name: 'Error', message: 'declined' } as const

const entries: readonly JournalEntry[] = [
  {
    kind: 'started',
    version: 2,
    run: 3,
    input: bytes,
    digest: bytes,
    at: 5,
    parents: [{ ...address, run: 1, step: 2 }],
    carried: [{ kind: 'signal', name: 'go', payload: bytes }],
    handled: [requestId('17')],
  },
  { kind: 'joined', parent: { ...address, run: 1, step: 2 }, message: requestId('18') },
  { kind: 'value', step: 1, of: 'now', name: '', digest: undefined, value: bytes },
  { kind: 'waiting', ...step, of: 'sleep', dueAt: 99, timer: requestId('19'), child: undefined },
  { kind: 'waiting', ...step, of: 'child', dueAt: undefined, timer: undefined, child: { ...address, detached: true } },
  { kind: 'done', ...step, exit: bytes, attempts: 2, at: 7 },
  {
    kind: 'attemptFailed',
    ...step,
    attempt: 1,
    error,
    begunAt: 5,
    at: 6,
    retryAt: 8,
    timer: requestId('20'),
  },
  { kind: 'heartbeat', step: 4, attempt: 1, details: bytes, at: 7 },
  { kind: 'event', message: requestId('21'), event: { kind: 'cancel', reason: 'no more' }, at: 8 },
  { kind: 'paused', by: 'mismatch', note: 'step 3', at: 9 },
  { kind: 'resumed', at: 10 },
  { kind: 'ended', status: 'failed', exit: bytes, at: 11 },
]

describe('journal entries', () => {
  it.each(entries.map((entry) => [entry.kind, entry] as const))('%s survives storage', (_, entry) => {
    expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
  })

  it.each(entries.map((entry, index) => [index, entry.kind, entry] as const))(
    '%i, %s, is written as before',
    (...[, , entry]) => {
      expect(Buffer.from(encodeEntry(entry)).toString('hex')).toMatchSnapshot()
    },
  )

  it('of a newer version are refused, not guessed', () => {
    expect(() => decodeEntry(encode([2, 1]))).toThrow('which this runner cannot read')
    expect(() => decodeEntry(encode([1, 99]))).toThrow('which this runner cannot read')
    expect(() => decodeEntry(encode('x'))).toThrow('damaged')
  })

  it('say which step they belong to, if they say what it is', () => {
    expect(entries.map((entry) => stepOf(entry)?.kind)).toEqual([
      undefined,
      undefined,
      'now',
      'sleep',
      'child',
      'activity',
      'activity',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
