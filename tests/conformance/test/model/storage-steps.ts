import { epoch, requestId, shardId } from '@cruster/core'
import type { ExecutionRecord, Fence, NewMessage, Operation, Unit } from '@cruster/core/ports'
import fc from 'fast-check'

/** One thing that is done to a storage. */
export type StorageStep =
  | { readonly kind: 'claim'; readonly fences: readonly Fence[] }
  | { readonly kind: 'commit'; readonly units: readonly Unit[] }
  | { readonly kind: 'transaction'; readonly fence: Fence; readonly operations: readonly Operation[] }
  | { readonly kind: 'prune' }
  | { readonly kind: 'reopen' }

export const shards = [shardId('default', 0), shardId('default', 1)] as const

const hour = 3_600_000

// Few ids, so that operations meet. The shard of an entity follows from its id, as a hash would have it.
const entity = fc.constantFrom('a', 'b', 'c').map((id) => {
  const shard = id === 'c' ? shards[1] : shards[0]
  return { shard, type: 'Counter', id }
})
const id = fc.constantFrom('1', '2', '3', '4', '5', '6').map(requestId)
const bytes = fc.uint8Array({ maxLength: 3 })
const digest = fc.option(bytes, { nil: undefined })
const retainMs = fc.constantFrom(0, 1000 * hour)
const version = fc.integer({ min: 0, max: 4 })

const newMessage: fc.Arbitrary<NewMessage> = fc.record({
  id,
  address: entity,
  method: fc.constantFrom('add', 'sub'),
  payload: bytes,
  digest,
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
  deliverAt: fc.constantFrom(undefined, hour, 4_000_000 * hour),
  oneWay: fc.boolean(),
  retainMs,
})

const statuses = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const

const record: fc.Arbitrary<ExecutionRecord> = fc.record({
  workflow: fc.constantFrom('One', 'Other'),
  version: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom(...statuses),
  startedAt: fc.integer({ min: 0, max: 2 }),
  parent: fc.constantFrom(undefined, { type: 'Parent', id: 'p' }),
  note: fc.option(fc.string(), { nil: undefined }),
  retainMs: fc.constantFrom(undefined, 0, 1000 * hour),
})

const position = fc.integer({ min: 0, max: 4 })

const onExecution: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('appendJournal'),
      address: entity,
      position: position.map((number) => number + 1),
      entries: fc.array(bytes, { maxLength: 2 }),
    }),
  },
  fc.record({ kind: fc.constant('truncateJournal'), address: entity, position }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('putExecution'), address: entity, record }) },
  fc.record({ kind: fc.constant('deleteExecution'), address: entity }),
)

const open: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('saveMessage'), message: newMessage, ifNew: fc.boolean() }),
  fc.record({ kind: fc.constant('reviveMessage'), id }),
)

const owned: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: open },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('putState'), address: entity, version, state: bytes }) },
  fc.record({ kind: fc.constant('expectState'), address: entity, version }),
  fc.record({ kind: fc.constant('saveReply'), id, address: entity, digest, exit: bytes, retainMs }),
  fc.record({ kind: fc.constant('completeMessage'), id, forget: fc.boolean() }),
  fc.record({ kind: fc.constant('countAttempt'), id }),
  fc.record({ kind: fc.constant('cancelMessage'), id, ifPending: fc.boolean() }),
  fc.record({ kind: fc.constant('buryMessage'), id, exit: bytes }),
  { weight: 2, arbitrary: onExecution },
)

const fence: fc.Arbitrary<Fence> = fc.record({
  shard: fc.constantFrom(...shards),
  epoch: fc.constantFrom(1, 1, 1, 2, 3).map(epoch),
})

const unit: fc.Arbitrary<Unit> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ operations: fc.array(open, { maxLength: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ fence, operations: fc.array(owned, { maxLength: 3 }) }) },
)

const step: fc.Arbitrary<StorageStep> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('claim'), fences: fc.array(fence, { maxLength: 2 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('commit'), units: fc.array(unit, { maxLength: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('transaction'), fence, operations: fc.array(owned, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
)

/** What may happen to a storage, its shards claimed to begin with. */
export const storageSteps: fc.Arbitrary<readonly StorageStep[]> = fc
  .array(step, { minLength: 1, maxLength: 40 })
  .map((steps) => [{ kind: 'claim', fences: shards.map((shard) => ({ shard, epoch: epoch(1) })) }, ...steps])
