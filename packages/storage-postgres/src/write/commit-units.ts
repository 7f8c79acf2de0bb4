import type { EntityAddress, ShardId } from '@cruster/core'
import type { Unit, UnitResult } from '@cruster/core/ports'
import { AssumedFacts } from '../decide/assumed-facts.ts'
import { decideUnits, toUnitResult, type Decision } from '../decide/decide-units.ts'
import type { Effects, Ticket } from '../decide/effects.ts'
import { numberOf, optional, shardOf, textOf } from '../row-values.ts'
import type { Row, Session, Statement } from '../session/session.ts'
import { withSession } from '../session/with-session.ts'
import { leavesSessionUsable, toStorageError } from '../storage-failure.ts'
import type { JournalQuestions } from './journal-questions.ts'
import { removesExecutions } from './remove-executions.ts'
import type { Manner, WriteStatements } from './write-statement.ts'
import { decideLocked, metConcurrentChange, type WriteContext } from './decide-locked.ts'

const doing = 'committing units'

/** How often a batch is decided again because rows appeared between reading and writing. Each time somebody else won. */
const attempts = 10

/**
 * Commits a batch of units.
 *
 * First in one statement, one round trip and one commit, on the assumption that everything is as the units hope. When it is
 * not, nothing was written; then rows are locked and read, and the batch is decided on what they say. Questions are answered by the one
 * statement, or not at all.
 */
export async function commitUnits(
  context: WriteContext,
  units: readonly Unit[],
  questions?: JournalQuestions,
): Promise<readonly UnitResult[]> {
  const assumed = await unlessChanged(context, () => commitAssuming(context, units, questions))
  if (assumed !== undefined) return assumed
  for (let attempt = 1; attempt < attempts; attempt++) {
    const results = await unlessChanged(context, () => commitLocking(context, units))
    if (results !== undefined) return results
  }
  return commitLocking(context, units)
}

/** A batch decided on the assumption that everything is as it hopes. */
export interface AssumedBatch extends Decision {
  /** Verifies and writes it; undefined when it cannot be decided without reading. */
  readonly statement: Statement | undefined
}

/** What else there is to the statement of a batch. */
export interface Assuming {
  readonly manner?: Manner
  readonly asked?: readonly EntityAddress[]
}

export function assumeUnits(
  statements: WriteStatements,
  units: readonly Unit[],
  { manner = 'reports', asked = [] }: Assuming = {},
): AssumedBatch {
  const assumed = new AssumedFacts()
  const { verdicts, effects } = decideUnits(assumed, units)
  const isPossible = assumed.isPossible && effects.replacedMessages.length === 0 && !removesExecutions(effects)
  const statement = isPossible
    ? statements.make({ effects, assumed, sequenceOf: unknownYet, asked }, manner)
    : undefined
  return { verdicts, effects, statement }
}

/** Undefined, and nothing written, when something is not as assumed. */
async function commitAssuming(
  { batchSessions, statements }: WriteContext,
  units: readonly Unit[],
  questions?: JournalQuestions,
): Promise<readonly UnitResult[] | undefined> {
  const asked = questions?.addresses ?? []
  const { verdicts, effects, statement } = assumeUnits(statements, units, { asked })
  if (statement === undefined) return undefined
  const { rows } = await withSession(batchSessions, doing, (session, mark) => {
    mark('sent')
    return session.run(statement)
  })
  if (rows[0]?.['ok'] !== true) return undefined
  if (asked.length > 0) questions?.answer(placesIn(rows[0]))
  const sequenceOf = readSequences(rows, effects)
  return verdicts.map((verdict) => toUnitResult(verdict, sequenceOf))
}

/** Three round trips: to begin, lock and read; to write and commit. Rejects when rows appear in between. */
function commitLocking(context: WriteContext, units: readonly Unit[]): Promise<readonly UnitResult[]> {
  return withSession(context.sessions, doing, async (session, mark) => {
    try {
      const begun = session.run({ text: 'begin' })
      const [{ verdicts, sequenceOf, writes }] = await Promise.all([decideLocked(session, context, units), begun])
      mark('sent')
      // Sent together. When a write fails, the commit rolls back.
      const end = writes.length > 0 ? 'commit' : 'rollback'
      await Promise.all([...writes, { text: end }].map((statement) => session.run(statement)))
      return verdicts.map((verdict) => toUnitResult(verdict, sequenceOf))
    } catch (cause) {
      await rollBackIfUsable(session, cause)
      throw cause
    }
  })
}

async function rollBackIfUsable(session: Session, cause: unknown): Promise<void> {
  if (leavesSessionUsable(cause)) await session.run({ text: 'rollback' })
}

/** Undefined when the work was taken back by the database, because of what others did at the same moment. */
async function unlessChanged<Result>(
  { names }: WriteContext,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    const { cause } = toStorageError(error, doing)
    if (metConcurrentChange(cause, names)) return undefined
    throw error
  }
}

/** From the counters after the batch: a ticket is as far from the last one as the batch has it. */
export function readSequences(rows: readonly Row[], { taken }: Effects): (ticket: Ticket) => number {
  if (taken.size === 0) return unknownYet
  const last = new Map<ShardId, number>(rows.map((row) => [shardOf(row), numberOf(row, 'last_sequence')]))
  return ({ shard, nth }) => (last.get(shard) ?? 0) - (taken.get(shard) ?? 0) + nth
}

function placesIn(row: Row): ReadonlySet<number> {
  const places = optional(row, 'present', textOf) ?? ''
  return new Set(places.split(',').filter(Boolean).map(Number))
}

const unknownYet = (): number => 0
