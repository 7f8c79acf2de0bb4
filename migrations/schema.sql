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
  expires_at double precision
) with (fillfactor=80);

create table journals (
  type text collate "C" not null,
  entity text collate "C" not null,
  "position" integer not null,
  entry bytea not null,
  count integer
);

create table messages (
  "position" bigint generated always as identity not null,
  id text collate "C" not null,
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
  expires_at double precision
);

create table migrations (
  version integer not null,
  name text not null,
  applied_at double precision not null
);

create table replies (
  id text collate "C" not null,
  shard text collate "C" not null,
  type text collate "C" not null,
  entity text collate "C" not null,
  digest bytea,
  exit bytea not null,
  stored_at double precision not null,
  expires_at double precision
);

create table sequences (
  shard text collate "C" not null,
  last_sequence bigint not null
) with (fillfactor=50);

create table shards (
  shard text collate "C" not null,
  epoch bigint not null
) with (fillfactor=50);

create table states (
  type text collate "C" not null,
  entity text collate "C" not null,
  version bigint not null,
  state bytea not null
) with (fillfactor=80);

alter table executions add constraint executions_pkey PRIMARY KEY (entity, type);

alter table journals add constraint journals_pkey PRIMARY KEY (entity, type, "position");

alter table messages add constraint messages_id_key UNIQUE (id);

alter table messages add constraint messages_pkey PRIMARY KEY ("position");

alter table migrations add constraint migrations_pkey PRIMARY KEY (version);

alter table replies add constraint replies_pkey PRIMARY KEY (id);

alter table sequences add constraint sequences_pkey PRIMARY KEY (shard);

alter table shards add constraint shards_pkey PRIMARY KEY (shard);

alter table states add constraint states_pkey PRIMARY KEY (type, entity);

CREATE INDEX executions_expiring ON executions USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX executions_of_type ON executions USING btree (type, started_at, entity);

CREATE INDEX executions_open ON executions USING btree (status, started_at, type, entity) WHERE (status <> 'completed'::text);

CREATE INDEX executions_started ON executions USING btree (started_at, type, entity);

CREATE INDEX messages_dead ON messages USING btree (died_at) WHERE (status = 'dead'::text);

CREATE INDEX messages_expiring ON messages USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX messages_ready ON messages USING btree (shard, sequence) WHERE ((status = 'pending'::text) AND (deliver_at IS NULL));

CREATE INDEX messages_scheduled ON messages USING btree (shard, deliver_at) WHERE ((status = 'pending'::text) AND (deliver_at IS NOT NULL));

CREATE INDEX replies_expiring ON replies USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE OR REPLACE FUNCTION give_way()
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a batch met a concurrent change and is decided again' using errcode = 'CR001';
end
$function$;
