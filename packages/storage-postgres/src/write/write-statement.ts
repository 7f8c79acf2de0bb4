import { assumptionParts } from './parts/assumption-parts.ts'
import { insertJournals, putExecutions } from './parts/execution-parts.ts'
import { changeMessages, insertMessages, takeSequences } from './parts/message-parts.ts'
import { insertReplies } from './parts/reply-parts.ts'
import { insertStates, updateStates } from './parts/state-parts.ts'
import { given, type Given, type RowCount } from './given.ts'
import type { TakenRows, WritePart, Writing } from './parts/write-part.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'

/** In the order in which all transactions lock: counters, messages, states, replies, executions, journals. */
const writeParts: readonly WritePart[] = [
  takeSequences,
  changeMessages,
  updateStates,
  insertMessages,
  insertStates,
  insertReplies,
  putExecutions,
  insertJournals,
]

/** A part of a statement that is made, with what it is made of. */
interface Chosen {
  readonly part: WritePart
  readonly rows: TakenRows
}

/**
 * Makes the one statement that writes a batch, whatever its size: what was assumed is verified, and everything is written
 * if it holds: from arrays, or from single values when each part has one row.
 *
 * It answers with rows of `ok`, `shard` and `last_sequence`, one for each counter, at least one. If `ok` is false something
 * was not as assumed, and nothing was written. It fails, and has written nothing either, when something changes while it
 * runs. There are two texts for each combination of parts, and they stay prepared.
 */
export class WriteStatements {
  readonly #names: SqlNames
  readonly #texts = new Map<string, string>()

  constructor(names: SqlNames) {
    this.#names = names
  }

  make(writing: Writing): Statement {
    const checks = chosen(assumptionParts, writing)
    const writes = chosen(writeParts, writing)
    const all = [...checks, ...writes]
    const count = all.every(({ rows }) => rows.length === 1) ? 'one' : 'many'
    const key = all.map(({ part }) => part.key).join('') + (count === 'one' ? '_1' : '')
    const text = this.#texts.get(key) ?? this.#compose(count, checks, writes)
    this.#texts.set(key, text)
    return { name: `cruster_write_${key}`, text, values: all.flatMap(({ rows }) => rows.parameters(count)) }
  }

  #compose(count: RowCount, checks: readonly Chosen[], writes: readonly Chosen[]): string {
    let parameters = 0
    const give = ({ part: { columns } }: Chosen): Given => {
      const types = Object.entries(columns).map(([name, { type }]) => [name, type] as const)
      return given(
        count,
        Object.fromEntries(types),
        types.map(() => `$${++parameters}`),
      )
    }
    const verdict = checks.map((check) => check.part.sql(this.#names, give(check)))
    const done: string[] = []
    const tables = writes.map((write) => {
      const rows = give(write)
      if (write.part.allDone !== undefined) done.push(write.part.allDone(rows))
      return write.part.sql(this.#names, rows)
    })
    const holds = verdict.length === 0 ? 'true' : verdict.join('\n  and ')
    const ctes = [`verdict as materialized (select ${holds} as ok, ${this.#names.now} as now_ms)`, ...tables]
    const hasCounters = writes.some(({ part }) => part === takeSequences)
    const ok =
      done.length === 0
        ? 'v.ok'
        : `case when v.ok and not (${done.join(' and ')}) then ${this.#names.giveWay} else v.ok end`
    return `with ${ctes.join(',\n')}
select ${ok} as ok${hasCounters ? ', t.*' : ''}
from verdict v${hasCounters ? ' left join taken t on true' : ''}`
  }
}

function chosen(parts: readonly WritePart[], writing: Writing): readonly Chosen[] {
  return parts.map((part) => ({ part, rows: part.take(writing) })).filter(({ rows }) => rows.length > 0)
}
