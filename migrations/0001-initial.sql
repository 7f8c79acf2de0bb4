-- The first schema. Applied with the search path set to Cruster's own schema, so that no name needs one.
--
-- Texts are escaped as in stored-text.ts, because PostgreSQL takes no NUL; they compare byte by byte (collate "C"). Times
-- are milliseconds since 1970 as double precision: a retention may be infinite, a due time beyond what timestamptz holds.

-- The newest claim of each shard. Writers hold its row with FOR SHARE until they commit; a claim waits for them.
create table shards (
  shard text collate "C" primary key,
  epoch bigint not null
) with (fillfactor = 50);

-- The last sequence given out in each shard: apart from the claims, so that senders and owners do not wait for each other.
create table sequences (
  shard text collate "C" primary key,
  last_sequence bigint not null
) with (fillfactor = 50);

create table states (
  type text collate "C" not null,
  entity text collate "C" not null,
  version bigint not null,
  state bytea not null,
  primary key (type, entity)
) with (fillfactor = 80);

create table messages (
  position bigint generated always as identity primary key,
  id text collate "C" not null unique,
  shard text collate "C" not null,
  sequence bigint not null,
  type text collate "C" not null,
  entity text collate "C" not null,
  method text collate "C" not null,
  payload bytea not null,
  digest bytea,
  headers text not null,
  trace text,
  deliver_at double precision,
  one_way boolean not null,
  retain_ms double precision not null,
  attempts integer not null,
  stored_at double precision not null,
  status text collate "C" not null,
  died_at double precision,
  expires_at double precision,
  constraint messages_status_check check (status in ('pending', 'completed', 'cancelled', 'dead'))
);

-- What a shard has to deliver: partial indexes, so that their size is that of the backlog and not of the history.
create index messages_ready on messages (shard, sequence) where status = 'pending' and deliver_at is null;
create index messages_scheduled on messages (shard, deliver_at) where status = 'pending' and deliver_at is not null;
create index messages_dead on messages (died_at) where status = 'dead';
create index messages_expiring on messages (expires_at) where expires_at is not null;

create table replies (
  id text collate "C" primary key,
  shard text collate "C" not null,
  type text collate "C" not null,
  entity text collate "C" not null,
  digest bytea,
  exit bytea not null,
  stored_at double precision not null,
  expires_at double precision
);

create index replies_expiring on replies (expires_at) where expires_at is not null;

-- Takes a statement back that has met a concurrent change; its batch is then decided again, on locked rows.
create function give_way() returns boolean language plpgsql as $$
begin
  raise exception 'a batch met a concurrent change and is decided again' using errcode = 'CR001';
end
$$;
