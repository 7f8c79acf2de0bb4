-- Journals and records of executions, for durable workflows. New tables only: the release before goes on beside it.

-- Rows are only added, and removed. The key refuses a position that is taken, and finds the end of a journal.
create table journals (
  type text collate "C" not null,
  entity text collate "C" not null,
  position integer not null,
  entry bytea not null,
  primary key (type, entity, position)
);

create table executions (
  type text collate "C" not null,
  entity text collate "C" not null,
  shard text collate "C" not null,
  workflow text collate "C" not null,
  version integer not null,
  status text collate "C" not null,
  started_at double precision not null,
  updated_at double precision not null,
  ended_at double precision,
  parent_type text collate "C",
  parent_id text collate "C",
  note text,
  retain_ms double precision,
  expires_at double precision,
  primary key (type, entity),
  constraint executions_status_check check (status in ('running', 'paused', 'completed', 'failed', 'cancelled'))
) with (fillfactor = 80);

create index executions_started on executions (started_at, type, entity);
create index executions_of_type on executions (type, started_at, entity);
-- What people look for. Most executions have completed and are not in it.
create index executions_open on executions (status, started_at, type, entity) where status <> 'completed';
create index executions_expiring on executions (expires_at) where expires_at is not null;
