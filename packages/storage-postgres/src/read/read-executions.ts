import type { EntityAddress, StorageError } from '@cruster/core'
import type {
  ExecutionFilter,
  ExecutionQuery,
  ExecutionReader,
  ExecutionStatus,
  JournalQuery,
  JournalReader,
  StoredExecution,
} from '@cruster/core/ports'
import { addressOf, bytesOf, numberOf, optional, textOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Statement } from '../session/session.ts'
import { notStarted } from '../storage-failure.ts'
import { toStoredText } from '../stored-text.ts'
import { countStatement, listStatement } from './execution-queries.ts'
import type { Read } from './postgres-message-reader.ts'

/** Reads journals as they are committed. */
export function journalReader(read: Read, names: SqlNames): JournalReader {
  return {
    read: async (query) =>
      (await read(pageStatement(names, query))).map((row, index) => {
        const position = query.after + 1 + index
        if (numberOf(row, 'position') !== position) throw hole(query.address, position)
        return bytesOf(row, 'entry')
      }),
    size: async (address) => {
      const [row] = await read(sizeStatement(names, address))
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
select position, entry from ${journals} where type = $1 and entity = $2 and position > $3 order by position limit $4`
  const values = [toStoredText(address.type), toStoredText(address.id), after, limit]
  return { name: 'cruster_journal', text, values }
}

/** @internal For tests of its plan. */
export function sizeStatement({ journals }: SqlNames, { type, id }: EntityAddress): Statement {
  const text = `select position from ${journals} where type = $1 and entity = $2 order by position desc limit 1`
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
    // The schema checks that it is one of them.
    status: statuses.find((each) => each === status) ?? 'paused',
    startedAt: numberOf(row, 'started_at'),
    updatedAt: numberOf(row, 'updated_at'),
    endedAt: optional(row, 'ended_at', numberOf),
    parent: parentType === undefined ? undefined : { type: parentType, id: textOf(row, 'parent_id') },
    note: optional(row, 'note', textOf),
    retainMs: optional(row, 'retain_ms', numberOf),
  }
}

function hole({ type, id }: EntityAddress, position: number): StorageError {
  return notStarted(
    `The journal of ${type}/${id} has no entry ${position}, but later ones. The database was edited or is damaged: restore ` +
      'a copy, or delete the execution.',
  )
}
