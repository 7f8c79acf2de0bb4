import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import { requestId } from '@cruster/core'
import type { Fence, MessageStatus, Operation, Unit } from '@cruster/core/ports'
import { inOrder } from '../decide/in-order.ts'
import type { Ticket } from '../decide/effects.ts'
import { keyOf } from '../decide/entity-key.ts'
import type { Facts, MessageIdentity, ReplyIdentity } from '../decide/facts.ts'
import { addressOf, bytesOf, numberOf, optional, shardOf, textOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Session, Statement } from '../session/session.ts'
import { statusOf } from '../table/message-row.ts'
import { rowsOf } from './rows-of.ts'
import { textArray } from './sql-arrays.ts'
import { storedTexts } from '../stored-text.ts'

/** Facts that were read, and whose rows stay as they are until the transaction ends. */
export class LockedFacts implements Facts {
  readonly #epochs: ReadonlyMap<ShardId, number>
  readonly #sequences: ReadonlyMap<ShardId, number>
  readonly #versions: ReadonlyMap<string, number>
  readonly #ends: ReadonlyMap<string, number>
  readonly #messages: ReadonlyMap<RequestId, MessageIdentity & { readonly status: MessageStatus }>
  readonly #replies: ReadonlyMap<RequestId, ReplyIdentity>

  /** @internal Use {@link lockFacts}. */
  constructor({ shards, counters, states, messages, replies, journals }: Record<FactTable, readonly Row[]>) {
    this.#epochs = new Map(shards.map((row) => [shardOf(row), numberOf(row, 'epoch')]))
    this.#sequences = new Map(counters.map((row) => [shardOf(row), numberOf(row, 'last_sequence')]))
    this.#versions = new Map(states.map((row) => [stateKey(row), numberOf(row, 'version')]))
    this.#ends = new Map(journals.map((row) => [stateKey(row), numberOf(row, 'position')]))
    this.#messages = new Map(messages.map((row) => [idOf(row), { ...identityOf(row), status: statusOf(row) }]))
    this.#replies = new Map(
      replies.map((row) => [idOf(row), { digest: optional(row, 'digest', bytesOf), exit: bytesOf(row, 'exit') }]),
    )
  }

  accepts({ shard, epoch }: Fence): boolean {
    return this.#epochs.get(shard) === epoch
  }

  version(address: EntityAddress): number {
    return this.#versions.get(keyOf(address)) ?? 0
  }

  journalEnd(address: EntityAddress): number {
    return this.#ends.get(keyOf(address)) ?? 0
  }

  status(id: RequestId): MessageStatus | undefined {
    return this.#messages.get(id)?.status
  }

  identity(id: RequestId): MessageIdentity {
    const found = this.#messages.get(id)
    if (found === undefined) throw new TypeError(`the identity of ${id}, which is not stored, was asked for`)
    return found
  }

  reply(id: RequestId): ReplyIdentity | undefined {
    return this.#replies.get(id)
  }

  sequenceOf({ shard, nth }: Ticket): number {
    return (this.#sequences.get(shard) ?? 0) + nth
  }
}

type FactTable = 'shards' | 'counters' | 'states' | 'messages' | 'replies' | 'journals'

/** What the operations of some units are about. */
interface Subjects {
  readonly fences: ReadonlySet<ShardId>
  readonly targets: ReadonlySet<ShardId>
  readonly revived: ReadonlySet<RequestId>
  readonly ids: ReadonlySet<RequestId>
  readonly states: ReadonlyMap<string, EntityAddress>
  readonly journals: ReadonlyMap<string, EntityAddress>
  /** Whether entries of journals are removed. */
  readonly cuts: boolean
}

/**
 * Reads and locks all that the units are about, in the order of {@link WriteStatements}. Each statement sees what was
 * committed while an earlier one waited for its locks; rows that do not exist cannot be locked: writing them can still fail.
 */
export async function lockFacts(session: Session, names: SqlNames, units: readonly Unit[]): Promise<LockedFacts> {
  const subjects = subjectsOf(units)
  const run = async (statement: Statement, isNeeded: boolean): Promise<readonly Row[]> =>
    isNeeded ? (await session.run(statement)).rows : []
  // Sent together. When one fails the others do, too, because the transaction has failed.
  const [shards = [], counters = [], messages = [], states = [], replies = [], journals = []] = await allAnswered([
    run(lockShards(names, subjects), subjects.fences.size > 0),
    run(lockCounters(names, subjects), subjects.targets.size > 0 || subjects.revived.size > 0),
    run(lockMessages(names, subjects), subjects.ids.size > 0),
    run(lockStates(names, subjects), subjects.states.size > 0),
    run(readReplies(names, subjects), subjects.ids.size > 0),
    run(lockJournals(names, subjects), subjects.journals.size > 0),
  ])
  return new LockedFacts({ shards, counters, messages, states, replies, journals })
}

/** Waits for all before it fails with the first error, so that no answer arrives after the connection is given back. */
async function allAnswered<Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

function lockShards({ shards }: SqlNames, { fences }: Subjects): Statement {
  const text = `
select shard, epoch from ${shards} where shard = any ($1::text[]) order by shard for share`
  return { name: 'cruster_lock_shards', text, values: [textArray(storedTexts(fences))] }
}

/** Creates counters that are missing, because what does not exist cannot be locked. */
function lockCounters({ sequences, messages }: SqlNames, { targets, revived }: Subjects): Statement {
  const text = `
insert into ${sequences} as s (shard, last_sequence)
select shard, 0 from (
  select unnest($1::text[]) as shard union select shard from ${messages} where id = any ($2::text[])
) targets order by shard
on conflict (shard) do update set last_sequence = s.last_sequence
returning shard, last_sequence`
  const values = [textArray(storedTexts(targets)), textArray(storedTexts(revived))]
  return { name: 'cruster_lock_counters', text, values }
}

function lockMessages({ messages }: SqlNames, { ids }: Subjects): Statement {
  const text = `
select id, shard, type, entity, digest, status from ${messages} where id = any ($1::text[]) order by id for update`
  return { name: 'cruster_lock_messages', text, values: [textArray(storedTexts(ids))] }
}

function lockStates({ states }: SqlNames, { states: addresses }: Subjects): Statement {
  const text = `
select s.type, s.entity, s.version
from unnest($1::text[], $2::text[]) u (type, entity) join ${states} s on s.type = u.type and s.entity = u.entity
order by s.type, s.entity for update of s`
  const list = [...addresses.values()]
  const types = textArray(storedTexts(list.map(({ type }) => type)))
  return { name: 'cruster_lock_states', text, values: [types, textArray(storedTexts(list.map(({ id }) => id)))] }
}

function readReplies({ replies }: SqlNames, { ids }: Subjects): Statement {
  const text = `
select id, digest, exit from ${replies} where id = any ($1::text[])`
  return { name: 'cruster_read_replies', text, values: [textArray(storedTexts(ids))] }
}

/**
 * The end of each. Its last row stays the last but for those that somebody adds: writing them fails then. Who removes entries
 * waits for all who add, and keeps them away.
 */
function lockJournals({ journals }: SqlNames, { journals: addresses, cuts }: Subjects): Statement {
  const strength = cuts ? 'update' : 'key share'
  const text = `
select l.type, l.entity, l.position + coalesce(l.count, 1) - 1 as position
from ${rowsOf({ type: 'text', entity: 'text' }, ['$1', '$2'])} u, lateral (
  select type, entity, position, count from ${journals} j
  where j.type = u.type and j.entity = u.entity order by position desc limit 1 for ${strength}
) l`
  const list = [...addresses.values()].toSorted((one, other) => inOrder(keyOf(one), keyOf(other)))
  const types = textArray(storedTexts(list.map(({ type }) => type)))
  const name = cuts ? 'cruster_lock_cut_journals' : 'cruster_lock_journals'
  return { name, text, values: [types, textArray(storedTexts(list.map(({ id }) => id)))] }
}

function subjectsOf(units: readonly Unit[]): Subjects {
  const fences = new Set<ShardId>()
  const subjects = {
    fences,
    targets: new Set<ShardId>(),
    revived: new Set<RequestId>(),
    ids: new Set<RequestId>(),
    states: new Map<string, EntityAddress>(),
    journals: new Map<string, EntityAddress>(),
  }
  let cuts = false
  for (const { fence, operations } of units) {
    if (fence !== undefined) fences.add(fence.shard)
    for (const operation of operations) {
      addSubject(subjects, operation)
      cuts ||= operation.kind === 'truncateJournal' || operation.kind === 'deleteExecution'
    }
  }
  return { ...subjects, cuts }
}

interface GrowingSubjects {
  readonly targets: Set<ShardId>
  readonly revived: Set<RequestId>
  readonly ids: Set<RequestId>
  readonly states: Map<string, EntityAddress>
  readonly journals: Map<string, EntityAddress>
}

function addSubject({ targets, revived, ids, states, journals }: GrowingSubjects, operation: Operation): void {
  switch (operation.kind) {
    case 'putState':
    case 'expectState':
      states.set(keyOf(operation.address), operation.address)
      return
    case 'saveMessage':
      ids.add(operation.message.id)
      targets.add(operation.message.address.shard)
      return
    case 'appendJournal':
    case 'truncateJournal':
    case 'deleteExecution':
      journals.set(keyOf(operation.address), operation.address)
      return
    case 'putExecution':
      return
    default:
      ids.add(operation.id)
      if (operation.kind === 'reviveMessage') revived.add(operation.id)
  }
}

const idOf = (row: Row): RequestId => requestId(textOf(row, 'id'))

const identityOf = (row: Row): MessageIdentity => ({
  address: addressOf(row),
  digest: optional(row, 'digest', bytesOf),
})

const stateKey = (row: Row): string => keyOf({ type: textOf(row, 'type'), id: textOf(row, 'entity') })
