import { hasEnded, type ExecutionEffect } from '../../decide/execution-effects.ts'
import { journalRows } from '../../table/journal-row.ts'
import { writePart, type Writing } from './write-part.ts'

type Put = ExecutionEffect & { readonly put: NonNullable<ExecutionEffect['put']> }

/** The end stays where it was when an ended execution is put again. */
const endedAt = 'case when excluded.ended_at is not null then coalesce(e.ended_at, excluded.ended_at) end'

/** Puts records in the place of those before. Before journals, as whoever removes executions does. */
export const putExecutions = writePart({
  key: 'x',
  rows: puts,
  columns: ({ text, plainText, number, boolean }) => ({
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    shard: text(({ address }) => address.shard),
    workflow: text(({ put }) => put.workflow),
    version: number('int4', ({ put }) => put.version),
    status: plainText(({ put }) => put.status),
    started_at: number('float8', ({ put }) => put.startedAt),
    has_ended: boolean(({ put }) => hasEnded(put)),
    parent_type: text(({ put }) => put.parent?.type),
    parent_id: text(({ put }) => put.parent?.id),
    note: text(({ put }) => put.note),
    retain_ms: number('float8', ({ put }) => put.retainMs),
  }),
  sql: ({ executions }, { rows }) => `put_executions as (
  insert into ${executions} as e (
    type, entity, shard, workflow, version, status, started_at, updated_at, ended_at, parent_type, parent_id, note,
    retain_ms, expires_at
  )
  select x.type, x.entity, x.shard, x.workflow, x.version, x.status, x.started_at, v.now_ms,
    case when x.has_ended then v.now_ms end, x.parent_type, x.parent_id, x.note, x.retain_ms,
    case when x.has_ended then v.now_ms + x.retain_ms end
  from verdict v, ${rows} x where v.ok
  on conflict (type, entity) do update set
    shard = excluded.shard, workflow = excluded.workflow, version = excluded.version, status = excluded.status,
    started_at = excluded.started_at, updated_at = excluded.updated_at, ended_at = ${endedAt},
    parent_type = excluded.parent_type, parent_id = excluded.parent_id, note = excluded.note,
    retain_ms = excluded.retain_ms, expires_at = ${endedAt} + excluded.retain_ms
)`,
})

/** Fails on a position that is taken. */
export const insertJournals = writePart({
  key: 'j',
  rows: ({ effects: { journals } }) =>
    journals.flatMap(({ address, kept, entries }) => journalRows(address, kept + 1, entries)),
  columns: ({ text, number, bytes }) => ({
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    position: number('int4', ({ position }) => position),
    count: number('int4', ({ count }) => count),
    entry: bytes(({ entry }) => entry),
  }),
  sql: ({ journals }, { rows }) => `new_entries as (
  insert into ${journals} (type, entity, position, count, entry)
  select j.type, j.entity, j.position, j.count, j.entry from verdict v, ${rows} j where v.ok
)`,
})

function puts({ effects: { executions } }: Writing): readonly Put[] {
  return executions.flatMap((effect) => (effect.put === undefined ? [] : [{ ...effect, put: effect.put }]))
}
