/** Version 2: journals and records of executions. Texts and times as in version 1. */
export const executions: string = `
create table cruster_journals (
  type text not null,
  entity text not null,
  position integer not null,
  entry blob not null,
  primary key (type, entity, position)
) strict, without rowid;

create table cruster_executions (
  type text not null,
  entity text not null,
  shard text not null,
  workflow text not null,
  version integer not null,
  status text not null check (status in ('running', 'paused', 'completed', 'failed', 'cancelled')),
  started_at real not null,
  updated_at real not null,
  ended_at real,
  parent_type text,
  parent_id text,
  note text,
  retain_ms real,
  expires_at real,
  primary key (type, entity)
) strict;

create index cruster_executions_started on cruster_executions (started_at, type, entity);
create index cruster_executions_of_type on cruster_executions (type, started_at, entity);
create index cruster_executions_expiring on cruster_executions (expires_at) where expires_at is not null;

-- What people look for: partial indexes, one for each status, because SQLite takes such an index for one literal only. Most
-- executions have completed and are in none of them.
create index cruster_executions_running on cruster_executions (started_at, type, entity) where status = 'running';
create index cruster_executions_paused on cruster_executions (started_at, type, entity) where status = 'paused';
create index cruster_executions_failed on cruster_executions (started_at, type, entity) where status = 'failed';
create index cruster_executions_cancelled on cruster_executions (started_at, type, entity) where status = 'cancelled';
`
