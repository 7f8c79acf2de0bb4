import { epoch, instanceId, requestId, runnerAddress, shardId } from '@cruster/core'
import type { Frame } from '@cruster/core/ports'
import fc from 'fast-check'

const whole = fc.maxSafeNat()
const bytes = fc.uint8Array({ maxLength: 40 })
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const shard = fc.tuple(text, fc.nat()).map(([group, index]) => shardId(group, index))
const milliseconds = fc.double({ min: 0, noNaN: true })
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined })

const request = fc.record({
  kind: fc.constant('request' as const),
  call: whole,
  id: text.map(requestId),
  address: fc.record({ shard, type: text, id: text }),
  method: text,
  payload: bytes,
  headers: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { noNullPrototype: true },
  ),
  trace: maybe(text),
  timeoutMs: milliseconds,
  attempt: whole,
  origin: fc.constantFrom('client' as const, 'entity' as const, 'self' as const),
  chain: fc.array(text, { maxLength: 3 }),
  digest: maybe(bytes),
  retainMs: milliseconds,
  sequence: maybe(whole),
  deliverAt: maybe(milliseconds),
  oneWay: fc.boolean(),
  credit: maybe(whole),
  resume: maybe(fc.record({ received: whole, last: maybe(bytes) })),
})

const owner = fc.record({ address: text.map(runnerAddress), epoch: fc.integer({ min: 1 }).map(epoch) })

/** Any frame, with optional fields there and not, empty values and numbers up to the largest. */
export const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  request,
  fc.record({
    kind: fc.constant('hello' as const),
    protocol: fc.constant(1 as const),
    instanceId: text.map(instanceId),
  }),
  fc.record({ kind: fc.constant('reply' as const), call: whole, exit: bytes }),
  fc.record({
    kind: fc.constant('notMine' as const),
    call: whole,
    shard,
    owner: maybe(owner),
    mayHaveStarted: maybe(fc.boolean()),
  }),
  fc.record({ kind: fc.constant('chunk' as const), call: whole, sequence: whole, values: fc.array(bytes) }),
  fc.record({ kind: fc.constant('credit' as const), call: whole, received: whole, credit: whole }),
  fc.record({ kind: fc.constant('cancel' as const), call: whole }),
)
