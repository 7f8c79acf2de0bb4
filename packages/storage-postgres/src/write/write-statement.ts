import { assumptionParts } from './parts/assumption-parts.ts'
import { insertJournals, putExecutions } from './parts/execution-parts.ts'
import { changeMessages, insertMessages, takeSequences } from './parts/message-parts.ts'
import { insertReplies } from './parts/reply-parts.ts'
import { insertStates, updateStates } from './parts/state-parts.ts'
import type { WritePart, Writing } from './parts/write-part.ts'
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
  readonly key: string
  readonly values: readonly string[]
  readonly sql: (names: SqlNames, arrays: readonly string[]) => string
  readonly allDone: string | undefined
}

/**
 * Makes the one statement that writes a batch, whatever its size: what was assumed is verified, and everything is written
 * from arrays if it holds.
 *
 * It answers with rows of `ok`, `shard` and `last_sequence`, one for each counter, at least one. If `ok` is false something
 * was not as assumed, and nothing was written. It fails, and has written nothing either, when something changes while it
 * runs. There is one text for each combination of parts, and it stays prepared.
 */
export class WriteStatements {
  readonly #names: SqlNames
  readonly #texts = new Map<string, string>()

  constructor(names: SqlNames) {
    this.#names = names
  }

  make(writing: Writing): Statement {
    const { assumed } = writing
    const checks: Chosen[] =
      assumed === undefined
        ? []
        : assumptionParts
            .filter((part) => part.isNeeded(assumed, writing))
            .map(({ key, sql, values }) => ({ key, sql, values: values(assumed, writing), allDone: undefined }))
    const writes: Chosen[] = writeParts
      .filter((part) => part.isNeeded(writing))
      .map(({ key, sql, values, allDone }) => ({ key, sql, values: values(writing), allDone }))
    const key = [...checks, ...writes].map((part) => part.key).join('')
    const text = this.#texts.get(key) ?? composed(this.#names, checks, writes)
    this.#texts.set(key, text)
    return { name: `cruster_write_${key}`, text, values: [...checks, ...writes].flatMap(({ values }) => values) }
  }
}

function composed(names: SqlNames, checks: readonly Chosen[], writes: readonly Chosen[]): string {
  let parameters = 0
  const place = ({ values }: Chosen): string[] => values.map(() => `$${++parameters}`)
  const verdict = checks.map((part) => part.sql(names, place(part)))
  const done: string[] = []
  const tables = writes.map((part) => {
    const arrays = place(part)
    if (part.allDone !== undefined) done.push(part.allDone.replace('$', arrays[0] ?? ''))
    return part.sql(names, arrays)
  })
  const holds = verdict.length === 0 ? 'true' : verdict.join('\n  and ')
  const ctes = [`verdict as materialized (select ${holds} as ok, ${names.now} as now_ms)`, ...tables]
  const hasCounters = writes.some(({ key }) => key === takeSequences.key)
  const isDone = done.length === 0 ? 'true' : done.join(' and ')
  return `with ${ctes.join(',\n')}
select case when v.ok and not (${isDone}) then ${names.giveWay} else v.ok end as ok${hasCounters ? ', t.*' : ''}
from verdict v${hasCounters ? ' left join taken t on true' : ''}`
}
