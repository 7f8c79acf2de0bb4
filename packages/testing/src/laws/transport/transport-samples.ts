import type { CallId, Frame } from '@cruster/core/ports'
import { epoch, instanceId, requestId, runnerAddress, shardId } from '@cruster/core'

const shard = shardId('default', 17)
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** Small frames that can be told apart by their call. */
export function numbered(from: CallId, to: CallId): readonly Frame[] {
  return Array.from({ length: to - from }, (_, index) => ({ kind: 'cancel', call: from + index }))
}

/** Frames of every kind, with every field and with as few as possible, with empty, odd and large bytes. */
export const frameSamples: readonly Frame[] = [
  { kind: 'hello', protocol: 1, instanceId: instanceId('instance-ä-🚀') },
  {
    kind: 'request',
    call: 1,
    id: requestId('1234567890123456789'),
    address: { shard, type: 'Counter', id: 'grüße/🚀\u0000' },
    method: 'increment',
    payload: everyByte,
    headers: { locale: 'de-DE', empty: '', __proto__x: 'plain' },
    trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    timeoutMs: 30_000,
    attempt: 2,
    origin: 'entity',
    chain: ['Account/a', 'Account/b'],
    digest: everyByte.slice(0, 16),
    retainMs: 86_400_000,
    sequence: 7,
    deliverAt: 1_767_225_600_000,
    oneWay: true,
    credit: 64,
    resume: { received: 12, last: everyByte },
  },
  {
    kind: 'request',
    call: 2 ** 31 - 1,
    id: requestId('k-short'),
    address: { shard, type: 'Counter', id: '' },
    method: 'getCount',
    payload: new Uint8Array(),
    headers: {},
    timeoutMs: 0,
    attempt: 1,
    origin: 'client',
    chain: [],
    retainMs: 0,
    oneWay: false,
    resume: { received: 0 },
  },
  { kind: 'reply', call: 3, exit: new Uint8Array(100_000).fill(7) },
  { kind: 'reply', call: 0, exit: new Uint8Array() },
  { kind: 'notMine', call: 4, shard, owner: { address: runnerAddress('10.0.0.2:9000'), epoch: epoch(2 ** 53 - 1) } },
  { kind: 'notMine', call: 5, shard },
  { kind: 'notMine', call: 5, shard, mayHaveStarted: true },
  { kind: 'chunk', call: 6, sequence: 1000, values: [everyByte, new Uint8Array(), everyByte.slice(9)] },
  { kind: 'chunk', call: 6, sequence: 0, values: [] },
  { kind: 'credit', call: 6, received: 1003, credit: 64 },
  { kind: 'cancel', call: 7 },
]
