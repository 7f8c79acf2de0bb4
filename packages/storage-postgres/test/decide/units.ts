import { epoch, requestId } from '@cruster/core'
import type { Operation, Unit } from '@cruster/core/ports'
import fc from 'fast-check'
import { address, bytes, fence, message } from '../samples.ts'
import type { MapFactsContents } from './map-facts.ts'

const ids = ['1', '2', '3', '4']
const entities = ['a', 'b', 'c']
const id = fc.constantFrom(...ids).map(requestId)
const entity = fc.constantFrom(...entities).map((name) => address(name, name === 'c' ? 1 : 0))
const version = fc.integer({ min: 0, max: 3 })

const record = { workflow: 'Work', version: 1, startedAt: 0 } as const

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .record({ id, address: entity, ifNew: fc.boolean() })
    .map(({ id: name, ifNew, ...rest }): Operation => ({ kind: 'saveMessage', message: message(name, rest), ifNew })),
  fc.record({ kind: fc.constant('putState'), address: entity, version, state: fc.constant(bytes('state')) }),
  fc.record({ kind: fc.constant('expectState'), address: entity, version }),
  fc.record({
    kind: fc.constant('saveReply'),
    id,
    address: entity,
    exit: fc.constant(bytes('exit')),
    retainMs: fc.constant(1),
  }),
  fc.record({ kind: fc.constantFrom('completeMessage', 'countAttempt', 'reviveMessage'), id }),
  fc.record({ kind: fc.constant('cancelMessage'), id, ifPending: fc.boolean() }),
  fc.record({ kind: fc.constant('buryMessage'), id, exit: fc.constant(bytes('dead')) }),
  fc.record({
    kind: fc.constant('appendJournal'),
    address: entity,
    position: fc.integer({ min: 1, max: 4 }),
    entries: fc.array(fc.constant(bytes('entry')), { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('truncateJournal'), address: entity, position: version }),
  fc
    .record({ address: entity, status: fc.constantFrom('running', 'completed') })
    .map(({ status, ...rest }): Operation => ({ kind: 'putExecution', ...rest, record: { ...record, status } })),
  fc.record({ kind: fc.constant('deleteExecution'), address: entity }),
)

const unit: fc.Arbitrary<Unit> = fc.record({
  fence: fc.record({
    shard: fc.constantFrom(fence(1, 0).shard, fence(1, 1).shard),
    epoch: fc.constantFrom(1, 1, 2).map(epoch),
  }),
  operations: fc.array(operation, { maxLength: 3 }),
})

export const units: fc.Arbitrary<readonly Unit[]> = fc.array(unit, { minLength: 1, maxLength: 5 })

const stored = fc.record({
  status: fc.constantFrom('pending', 'pending', 'completed', 'cancelled', 'dead'),
  address: entity,
  digest: fc.constantFrom(undefined, bytes('digest')),
})

/** Some of the keys, each with a value. */
const some = <Value>(keys: readonly string[], value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
  fc.dictionary(fc.constantFrom(...keys), value)

export const contents: fc.Arbitrary<MapFactsContents> = fc.record({
  epochs: some([fence(1, 0).shard, fence(1, 1).shard], fc.constantFrom(1, 1, 1, 2)),
  versions: some(entities, version),
  ends: some(entities, version),
  messages: some(ids, stored),
  replies: some(ids, fc.record({ digest: fc.constant(undefined), exit: fc.constant(bytes('first')) })),
})
