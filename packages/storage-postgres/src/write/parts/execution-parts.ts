import { hasEnded, type ExecutionEffect } from '../../decide/execution-effects.ts'
import type { Effects } from '../../decide/effects.ts'
import { toStoredText } from '../../stored-text.ts'
import { rowsOf } from '../rows-of.ts'
import { booleanArray, bytesArray, numberArray, textArray } from '../sql-arrays.ts'
import { storedTexts, type WritePart } from './write-part.ts'

/** Puts records in the place of those before. Before journals, as whoever removes executions does. */
export const putExecutions: WritePart = {
  key: 'x',
  isNeeded: ({ effects }) => puts(effects).length > 0,
  values: ({ effects }) => executionValues(puts(effects)),
  sql: ({ executions }, arrays) => `put_executions as (
  insert into ${executions} as e (
    type, entity, shard, workflow, version, status, started_at, updated_at, ended_at, parent_type, parent_id, note,
    retain_ms, expires_at
  )
  select x.type, x.entity, x.shard, x.workflow, x.version, x.status, x.started_at, v.now_ms,
    case when x.has_ended then v.now_ms end, x.parent_type, x.parent_id, x.note, x.retain_ms,
    case when x.has_ended then v.now_ms + x.retain_ms end
  from verdict v, ${rowsOf(columns, arrays)} x where v.ok
  on conflict (type, entity) do update set
    shard = excluded.shard, workflow = excluded.workflow, version = excluded.version, status = excluded.status,
    started_at = excluded.started_at, updated_at = excluded.updated_at, ended_at = ${endedAt},
    parent_type = excluded.parent_type, parent_id = excluded.parent_id, note = excluded.note,
    retain_ms = excluded.retain_ms, expires_at = ${endedAt} + excluded.retain_ms
)`,
}

/** The end stays where it was when an ended execution is put again. */
const endedAt = 'case when excluded.ended_at is not null then coalesce(e.ended_at, excluded.ended_at) end'

const columns = {
  type: 'text',
  entity: 'text',
  shard: 'text',
  workflow: 'text',
  version: 'int4',
  status: 'text',
  started_at: 'float8',
  has_ended: 'bool',
  parent_type: 'text',
  parent_id: 'text',
  note: 'text',
  retain_ms: 'float8',
}

/** Fails on a position that is taken. */
export const insertJournals: WritePart = {
  key: 'j',
  isNeeded: ({ effects }) => effects.journals.some(({ entries }) => entries.length > 0),
  values: ({ effects: { journals } }) => {
    const rows = journals.flatMap(({ address, kept, entries }) =>
      entries.map((entry, index) => ({ address, position: kept + index + 1, entry })),
    )
    return [
      textArray(storedTexts(rows.map(({ address }) => address.type))),
      textArray(storedTexts(rows.map(({ address }) => address.id))),
      numberArray(rows.map(({ position }) => position)),
      bytesArray(rows.map(({ entry }) => entry)),
    ]
  },
  sql: ({ journals }, arrays) => `new_entries as (
  insert into ${journals} (type, entity, position, entry)
  select j.type, j.entity, j.position, j.entry
  from verdict v, ${rowsOf({ type: 'text', entity: 'text', position: 'int4', entry: 'bytea' }, arrays)} j
  where v.ok
)`,
}

type Put = ExecutionEffect & { readonly put: NonNullable<ExecutionEffect['put']> }

function puts({ executions }: Effects): readonly Put[] {
  return executions.flatMap((effect) => (effect.put === undefined ? [] : [{ ...effect, put: effect.put }]))
}

function executionValues(executions: readonly Put[]): readonly string[] {
  const column = <Value>(read: (execution: Put) => Value): readonly Value[] => executions.map(read)
  const texts = (read: (execution: Put) => string | undefined): string =>
    textArray(column(read).map((text) => (text === undefined ? undefined : toStoredText(text))))
  return [
    texts(({ address }) => address.type),
    texts(({ address }) => address.id),
    texts(({ address }) => address.shard),
    texts(({ put }) => put.workflow),
    numberArray(column(({ put }) => put.version)),
    texts(({ put }) => put.status),
    numberArray(column(({ put }) => put.startedAt)),
    booleanArray(column(({ put }) => hasEnded(put))),
    texts(({ put }) => put.parent?.type),
    texts(({ put }) => put.parent?.id),
    texts(({ put }) => put.note),
    numberArray(column(({ put }) => put.retainMs)),
  ]
}
