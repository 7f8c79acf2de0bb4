import type { EntityAddress } from '@cruster/core'
import type {
  ExecutionFilter,
  ExecutionQuery,
  ExecutionReader,
  ExecutionStatus,
  JournalQuery,
  JournalReader,
  StoredExecution,
} from '@cruster/core/ports'
import { addressOf, numberOf, optional, textOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { entriesOf, entriesPerRow } from '../table/journal-row.ts'
import { numberArray, textArray } from '../write/sql-arrays.ts'
import { countStatement, listStatement } from './execution-queries.ts'
import { GatheredReads, type Gathering } from './gathered-reads.ts'
import type { Read } from './postgres-message-reader.ts'

/** Whether a journal is there, if that can be learnt with something else; undefined, at once or later, if not. */
export type AskForJournal = (address: EntityAddress) => Promise<boolean | undefined> | undefined

/** Reads journals as they are committed. */
export function journalReader(gathering: Gathering, names: SqlNames, ask: AskForJournal): JournalReader {
  const pages = new GatheredReads(gathering, (queries: readonly JournalQuery[]) =>
    readPages(gathering.read, names, queries),
  )
  return {
    read: async (query) => {
      gathering.accept()
      const asking = query.after === 0 ? ask(query.address) : undefined
      if (asking !== undefined && (await asking) === false) return []
      return entriesOf(await pages.read(query), query)
    },
    size: async (address) => {
      gathering.accept()
      const [row] = await gathering.read(sizeStatement(names, address))
      return row === undefined ? 0 : numberOf(row, 'position')
    },
  }
}

/** Reads records of executions as they are committed. */
export function executionReader(read: Read, names: SqlNames): ExecutionReader {
  return {
    find: async (address) => {
      const [row] = await read(findStatement(names, address))
      return row === undefined ? undefined : toExecution(row)
    },
    list: async (query: ExecutionQuery) => (await read(listStatement(names, query))).map(toExecution),
    count: async (filter: ExecutionFilter) => {
      const [row] = await read(countStatement(names, filter))
      return row === undefined ? 0 : numberOf(row, 'count')
    },
  }
}

/** @internal For tests of its plan. */
export function pageStatement({ journals }: SqlNames, { address, after, limit }: JournalQuery): Statement {
  const text = `
select position, count, entry from ${journals}
where type = $1 and entity = $2 and position > $3::int8 - ${entriesPerRow} and position <= $3::int8 + $4::int8
  and position + coalesce(count, 1) - 1 > $3
order by position`
  const values = [toStoredText(address.type), toStoredText(address.id), after, limit]
  return { name: 'cruster_journal', text, values }
}

/** @internal For tests of its plan. As many pages, in the order of the queries, whose place `asked` counts from 1. */
export function pagesStatement({ journals }: SqlNames, queries: readonly JournalQuery[]): Statement {
  const text = `
select q.asked, j.position, j.count, j.entry
from unnest($1::text[], $2::text[], $3::int8[], $4::int8[]) with ordinality q(type, entity, after, limited, asked)
cross join lateral (
  select position, count, entry from ${journals} j
  where j.type = q.type and j.entity = q.entity and j.position > q.after - ${entriesPerRow}
    and j.position <= q.after + q.limited and j.position + coalesce(j.count, 1) - 1 > q.after
) j
order by q.asked, j.position`
  const values = [
    textArray(queries.map(({ address }) => toStoredText(address.type))),
    textArray(queries.map(({ address }) => toStoredText(address.id))),
    numberArray(
      'int8',
      queries.map(({ after }) => after),
    ),
    numberArray(
      'int8',
      queries.map(({ limit }) => limit),
    ),
  ]
  return { name: 'cruster_journals', text, values }
}

async function readPages(
  read: Read,
  names: SqlNames,
  queries: readonly JournalQuery[],
): Promise<readonly (readonly Row[])[]> {
  const [first, second] = queries
  if (first !== undefined && second === undefined) return [await read(pageStatement(names, first))]
  const pages = queries.map((): Row[] => [])
  for (const row of await read(pagesStatement(names, queries))) pages[numberOf(row, 'asked') - 1]?.push(row)
  return pages
}

/** @internal For tests of its plan. */
export function sizeStatement({ journals }: SqlNames, { type, id }: EntityAddress): Statement {
  const text = `
select position + coalesce(count, 1) - 1 as position
from ${journals} where type = $1 and entity = $2 order by position desc limit 1`
  return { name: 'cruster_journal_size', text, values: [toStoredText(type), toStoredText(id)] }
}

/** @internal For tests of its plan. */
export function findStatement({ executions }: SqlNames, { type, id }: EntityAddress): Statement {
  const text = `select * from ${executions} where type = $1 and entity = $2`
  return { text, values: [toStoredText(type), toStoredText(id)] }
}

const statuses = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const satisfies readonly ExecutionStatus[]

function toExecution(row: Row): StoredExecution {
  const parentType = optional(row, 'parent_type', textOf)
  const status = textOf(row, 'status')
  return {
    address: addressOf(row),
    workflow: textOf(row, 'workflow'),
    version: numberOf(row, 'version'),
    // It is one of them, unless somebody edited the row.
    status: statuses.find((each) => each === status) ?? 'paused',
    startedAt: numberOf(row, 'started_at'),
    updatedAt: numberOf(row, 'updated_at'),
    endedAt: optional(row, 'ended_at', numberOf),
    parent: parentType === undefined ? undefined : { type: parentType, id: textOf(row, 'parent_id') },
    note: optional(row, 'note', textOf),
    retainMs: optional(row, 'retain_ms', numberOf),
  }
}
