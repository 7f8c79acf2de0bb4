import { assumptionParts } from './parts/assumption-parts.ts'
import { insertJournals, putExecutions } from './parts/execution-parts.ts'
import { journalQuestion } from './parts/journal-question.ts'
import { changeMessages, forgetMessages, insertMessages, takeSequences } from './parts/message-parts.ts'
import { insertReplies } from './parts/reply-parts.ts'
import { insertStates, updateStates } from './parts/state-parts.ts'
import { given, type RowCount } from './given.ts'
import type { TakenRows, WritePart, Writing } from './parts/write-part.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'

/** In the order in which all transactions lock: counters, messages, states, replies, executions, journals. */
const writeParts: readonly WritePart[] = [
  takeSequences,
  changeMessages,
  forgetMessages,
  updateStates,
  insertMessages,
  insertStates,
  insertReplies,
  putExecutions,
  insertJournals,
]

/** What a statement does when something is not as assumed. */
export type Manner = 'reports' | 'insists'

/** A part that a statement has, with its rows. */
interface Chosen {
  readonly part: WritePart
  readonly rows: TakenRows
  readonly count: RowCount
}

/**
 * Makes the one statement that writes a batch, whatever its size: what was assumed is verified, and everything is written
 * if it holds: from single values where there is one row, from arrays where there are several.
 *
 * It answers with rows of `ok`, `shard` and `last_sequence`, one for each counter, at least one; and with `present`, places of journals, when some are
 * asked for. If `ok` is false something
 * was not as assumed, and nothing was written. It fails, and has written nothing either, when something changes while it
 * runs; one that insists fails also when something was not as assumed, so that what follows it is not run. There are a few
 * texts for each combination of parts, see {@link countRows}, and they stay prepared.
 */
export class WriteStatements {
  readonly #names: SqlNames
  readonly #texts = new Map<string, string>()

  constructor(names: SqlNames) {
    this.#names = names
  }

  make(writing: Writing, manner: Manner = 'reports'): Statement {
    const parts = countRows(take(writing))
    const key = parts.map(({ part, count }) => (count === 'one' ? `${part.key}1` : part.key)).join('')
    const name = manner === 'insists' ? `cruster_insist_${key}` : `cruster_write_${key}`
    const text = this.#texts.get(name) ?? composed(this.#names, parts, manner)
    this.#texts.set(name, text)
    return { name, text, values: parts.flatMap(({ rows, count }) => rows.parameters(count)) }
  }
}

function take(writing: Writing): readonly Omit<Chosen, 'count'>[] {
  const parts = [...assumptionParts, ...writeParts, journalQuestion].map((part) => ({ part, rows: part.take(writing) }))
  return parts.filter(({ rows }) => rows.length > 0)
}

/**
 * Single values are for small batches: those in which at most one part has several rows. In
 * all others every part gets arrays; a text for each mixture would be prepared, and held in memory, on each connection.
 */
function countRows(parts: readonly Omit<Chosen, 'count'>[]): readonly Chosen[] {
  const isSmall = parts.filter(({ rows }) => rows.length > 1).length <= 1
  return parts.map((chosen) => ({ ...chosen, count: isSmall && chosen.rows.length === 1 ? 'one' : 'many' }))
}

function composed(names: SqlNames, parts: readonly Chosen[], manner: Manner): string {
  let parameters = 0
  const verdict: string[] = []
  const tables: string[] = []
  const done: string[] = []
  let present = ''
  for (const { part, count } of parts) {
    const types = Object.entries(part.columns).map(([name, { type }]) => ({ name, type, value: `$${++parameters}` }))
    const rows = given(count, types)
    if (assumptionParts.includes(part)) verdict.push(part.sql(names, rows))
    else if (part === journalQuestion) present = `, ${part.sql(names, rows)} as present`
    else tables.push(part.sql(names, rows))
    if (part.allDone !== undefined) done.push(part.allDone(rows))
  }
  const holds = verdict.length === 0 ? 'true' : verdict.join('\n  and ')
  const ctes = [`verdict as materialized (select ${holds} as ok, ${names.now} as now_ms)`, ...tables]
  const ok = verdictOf(names, done, manner)
  const hasCounters = parts.some(({ part }) => part === takeSequences)
  return `with ${ctes.join(',\n')}
select ${ok} as ok${present}${hasCounters ? ', t.*' : ''}
from verdict v${hasCounters ? ' left join taken t on true' : ''}`
}

function verdictOf({ giveWay }: SqlNames, done: readonly string[], manner: Manner): string {
  if (manner === 'insists') return `case when ${['v.ok', ...done].join(' and ')} then true else ${giveWay} end`
  return done.length === 0 ? 'v.ok' : `case when v.ok and not (${done.join(' and ')}) then ${giveWay} else v.ok end`
}
