import type { RequestId } from '@cruster/core'
import type { Unit } from '@cruster/core/ports'
import { decideUnits, type Decision } from '../decide/decide-units.ts'
import { areEmpty, type Ticket } from '../decide/effects.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Session, Sessions, Statement } from '../session/session.ts'
import { sqlStateOf } from '../storage-failure.ts'
import { lockFacts } from './locked-facts.ts'
import { removals } from './remove-executions.ts'
import { storedTexts } from '../stored-text.ts'
import { textArray } from './sql-arrays.ts'
import type { WriteStatements } from './write-statement.ts'

/** What writing units takes. */
export interface WriteContext {
  readonly sessions: Sessions
  /** For batches that are one statement. */
  readonly batchSessions: Pick<Sessions, 'acquire'>
  readonly names: SqlNames
  readonly statements: WriteStatements
}

/** A decision that was made on locked rows, and is to be written in the same transaction. */
export interface LockedDecision extends Decision {
  readonly sequenceOf: (ticket: Ticket) => number
  /** What writes it; nothing when it has no effects. */
  readonly writes: readonly Statement[]
}

/** Locks and reads what the units are about, and decides them. Writes nothing but missing counters. */
export async function decideLocked(
  session: Session,
  { names, statements }: Pick<WriteContext, 'names' | 'statements'>,
  units: readonly Unit[],
): Promise<LockedDecision> {
  const facts = await lockFacts(session, names, units)
  const decision = decideUnits(facts, units)
  const { effects } = decision
  const sequenceOf = (ticket: Ticket): number => facts.sequenceOf(ticket)
  const writes = [
    // By themselves, because rows take the place of some that are deleted.
    ...(effects.deletedReplies.length > 0 ? [deleteReplies(names, effects.deletedReplies)] : []),
    ...(effects.replacedMessages.length > 0 ? [deleteMessages(names, effects.replacedMessages)] : []),
    ...removals(names, effects),
    ...(areEmpty(effects) ? [] : [statements.make({ effects, assumed: undefined, sequenceOf })]),
  ]
  return { ...decision, sequenceOf, writes }
}

function deleteReplies({ replies }: SqlNames, ids: readonly RequestId[]): Statement {
  const text = `delete from ${replies} where id = any ($1::text[])`
  return { name: 'cruster_delete_replies', text, values: [textArray(storedTexts(ids))] }
}

function deleteMessages({ messages }: SqlNames, ids: readonly RequestId[]): Statement {
  const text = `delete from ${messages} where id = any ($1::text[])`
  return { name: 'cruster_delete_messages', text, values: [textArray(storedTexts(ids))] }
}

/**
 * Whether somebody stored the same id or state at the same moment, or two batches waited for each other: the transaction
 * is lost, and deciding again will go another way. `schema` keeps users' own constraints apart.
 */
export function metConcurrentChange(error: unknown, { schema }: SqlNames): boolean {
  const state = sqlStateOf(error)
  if (state === '23505') return typeof error === 'object' && error !== null && Reflect.get(error, 'schema') === schema
  return state === 'CR001' || state === '40P01' || state === '40001'
}
