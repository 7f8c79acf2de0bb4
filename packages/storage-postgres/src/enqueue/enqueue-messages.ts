import type { ShardId, StorageError } from '@cruster/core'
import type { EnqueueResult, QueryClient, SaveMessage, SqlTransaction, Unit, UnitResult } from '@cruster/core/ports'
import { toUnitResult } from '../decide/decide-units.ts'
import type { Session } from '../session/session.ts'
import { notStarted, sqlStateOf, toStorageError } from '../storage-failure.ts'
import { assumeUnits, readSequences } from '../write/commit-units.ts'
import { decideLocked, metConcurrentChange, type WriteContext } from '../write/decide-locked.ts'
import { UserSession } from './user-session.ts'

/** What enqueueing takes. `notify` makes the statement that tells owners, at the commit of its transaction. */
export interface EnqueueContext {
  readonly write: Pick<WriteContext, 'names' | 'statements'>
  readonly notify:
    ((last: ReadonlyMap<ShardId, number>) => { readonly text: string; readonly values: readonly unknown[] }) | undefined
}

/** How often it is tried again because somebody stored the same message at the same moment. */
const attempts = 10

/**
 * Stores messages in a transaction of the user's. Behind a savepoint, so that whatever goes wrong leaves the transaction as it
 * was. Three round trips, or four where owners are told.
 */
export async function enqueueMessages(
  context: EnqueueContext,
  transaction: SqlTransaction | QueryClient,
  messages: readonly SaveMessage[],
): Promise<EnqueueResult> {
  const session = new UserSession(transaction)
  await begin(session)
  try {
    const result = await tryOften(context, session, { operations: messages })
    if (result.kind !== 'applied' && result.kind !== 'duplicate') throw new TypeError(`${result.kind} without a fence`)
    if (result.kind === 'applied') await notify(context, session, lastSequences(messages, result.sequences))
    else await session.run({ text: 'rollback to savepoint cruster_enqueue' })
    await session.run({ text: 'release savepoint cruster_enqueue' })
    return result
  } catch (cause) {
    await session.run({ text: 'rollback to savepoint cruster_enqueue' }).catch(() => undefined)
    throw toStorageError(cause, 'enqueueing messages in a transaction of the user')
  }
}

async function begin(session: Session): Promise<void> {
  try {
    await session.run({ text: 'savepoint cruster_enqueue' })
  } catch (cause) {
    throw cannotEnqueue(cause)
  }
}

async function tryOften(context: EnqueueContext, session: Session, unit: Unit): Promise<UnitResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await assuming(context, session, unit)) ?? (await locking(context, session, unit))
    } catch (cause) {
      if (attempt === attempts || !metConcurrentChange(cause, context.write.names)) throw cause
      await session.run({ text: 'rollback to savepoint cruster_enqueue' })
    }
  }
}

/** Undefined, and nothing written, when a message is known. */
async function assuming({ write }: EnqueueContext, session: Session, unit: Unit): Promise<UnitResult | undefined> {
  const { verdicts, effects, statement } = assumeUnits(write.statements, [unit])
  const [verdict] = verdicts
  if (verdict === undefined || statement === undefined) return undefined
  const { rows } = await session.run(statement)
  if (rows[0]?.['ok'] !== true) return undefined
  return toUnitResult(verdict, readSequences(rows, effects))
}

async function locking({ write }: EnqueueContext, session: Session, unit: Unit): Promise<UnitResult> {
  const { verdicts, sequenceOf, writes } = await decideLocked(session, write, [unit])
  const [verdict] = verdicts
  if (verdict === undefined) throw new TypeError('a unit was decided without a verdict')
  for (const statement of writes) await session.run(statement)
  return toUnitResult(verdict, sequenceOf)
}

async function notify(
  { notify: statementOf }: EnqueueContext,
  session: Session,
  last: ReadonlyMap<ShardId, number>,
): Promise<void> {
  if (statementOf !== undefined && last.size > 0) await session.run(statementOf(last))
}

function lastSequences(messages: readonly SaveMessage[], sequences: readonly number[]): ReadonlyMap<ShardId, number> {
  const last = new Map<ShardId, number>()
  for (const [index, { message }] of messages.entries()) {
    const sequence = sequences[index] ?? 0
    const { shard } = message.address
    if (sequence > (last.get(shard) ?? 0)) last.set(shard, sequence)
  }
  return last
}

function cannotEnqueue(cause: unknown): StorageError {
  switch (sqlStateOf(cause)) {
    case '25P01':
      return notStarted(
        'Messages cannot be enqueued on a connection that has no open transaction. Nothing was stored. Begin one, enqueue, ' +
          'and commit; or send the messages with a client.',
        cause,
      )
    case '25P02':
      return notStarted(
        'Messages cannot be enqueued: a statement in the transaction has failed, and PostgreSQL then refuses all that follow. ' +
          'Nothing was stored. Roll the transaction back.',
        cause,
      )
    default:
      return toStorageError(cause, 'enqueueing messages in a transaction of the user', 'before')
  }
}
