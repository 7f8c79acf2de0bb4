CREATE TABLE cruster_executions (
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

CREATE INDEX cruster_executions_cancelled on cruster_executions (started_at, type, entity) where status = 'cancelled';

CREATE INDEX cruster_executions_expiring on cruster_executions (expires_at) where expires_at is not null;

CREATE INDEX cruster_executions_failed on cruster_executions (started_at, type, entity) where status = 'failed';

CREATE INDEX cruster_executions_of_type on cruster_executions (type, started_at, entity);

CREATE INDEX cruster_executions_paused on cruster_executions (started_at, type, entity) where status = 'paused';

CREATE INDEX cruster_executions_running on cruster_executions (started_at, type, entity) where status = 'running';

CREATE INDEX cruster_executions_started on cruster_executions (started_at, type, entity);

CREATE TABLE cruster_journals (
  type text not null,
  entity text not null,
  position integer not null,
  entry blob not null,
  primary key (type, entity, position)
) strict, without rowid;

CREATE TABLE cruster_messages (
  position integer primary key,
  id text not null unique,
  shard text not null,
  sequence integer not null,
  type text not null,
  entity text not null,
  method text not null,
  payload blob not null,
  digest blob,
  headers text not null,
  trace text,
  deliver_at real,
  one_way integer not null,
  retain_ms real not null,
  attempts integer not null,
  stored_at real not null,
  status text not null check (status in ('pending', 'completed', 'cancelled', 'dead')),
  died_at real,
  expires_at real
) strict;

CREATE INDEX cruster_messages_dead on cruster_messages (died_at) where status = 'dead';

CREATE INDEX cruster_messages_expiring on cruster_messages (expires_at) where expires_at is not null;

CREATE INDEX cruster_messages_ready on cruster_messages (shard, sequence)
  where status = 'pending' and deliver_at is null;

CREATE INDEX cruster_messages_scheduled on cruster_messages (shard, deliver_at)
  where status = 'pending' and deliver_at is not null;

CREATE TABLE cruster_replies (
  id text primary key,
  shard text not null,
  type text not null,
  entity text not null,
  digest blob,
  exit blob not null,
  stored_at real not null,
  expires_at real
) strict;

CREATE INDEX cruster_replies_expiring on cruster_replies (expires_at) where expires_at is not null;

CREATE TABLE cruster_schema (version integer primary key, applied_at real not null) strict;

CREATE TABLE cruster_shards (
  shard text primary key,
  epoch integer not null,
  last_sequence integer not null
) strict, without rowid;

CREATE TABLE cruster_states (
  type text not null,
  entity text not null,
  version integer not null,
  state blob not null,
  primary key (type, entity)
) strict;
