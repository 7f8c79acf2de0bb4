import type { Database } from './database.ts'

/** Makes the application's own tables. Handlers write to them through their transactions. */
export async function makeTables({ dialect, define }: Database): Promise<void> {
  const serial = dialect === 'postgres' ? 'bigint generated always as identity primary key' : 'integer primary key'
  await define([
    `create table if not exists ct_stateless_counters (id text primary key, value bigint not null)`,
    `create table if not exists ct_executions (
      position ${serial}, entity_id text not null, exec_id text not null, result text, unique (entity_id, exec_id))`,
    `create table if not exists ct_steps (
      position ${serial}, entity_id text not null, exec_id text not null, step text not null)`,
    `create table if not exists ct_activity_log (
      position ${serial}, entity_id text not null, id text not null, action text not null, timestamp text not null)`,
    `create table if not exists ct_accounts (
      id text primary key, transfer_count bigint not null, total_transferred double precision not null)`,
    `create table if not exists ct_transfers (
      position ${serial}, from_id text not null, to_id text not null, amount double precision not null, created_at text not null)`,
    `create table if not exists ct_order_steps (
      position ${serial}, order_id text not null, step text not null, detail text not null, created_at text not null)`,
    `create table if not exists ct_singleton (
      id bigint primary key, runner_id text not null, tick_count bigint not null, last_tick_at text,
      became_leader_at text not null, graceful_shutdown_at text)`,
  ])
}
