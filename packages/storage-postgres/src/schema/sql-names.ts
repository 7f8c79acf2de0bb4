import { ConfigError } from '@cruster/core'

/** What statements are written with: names of this storage's tables, and its clock. */
export interface SqlNames {
  readonly schema: string
  readonly shards: string
  readonly sequences: string
  readonly states: string
  readonly messages: string
  readonly replies: string
  readonly journals: string
  readonly executions: string
  readonly giveWay: string
  /** An expression for the time in milliseconds since 1970. */
  readonly now: string
}

/** The database's clock: all runners share it. */
const databaseClock = '(extract(epoch from clock_timestamp()) * 1000)::float8'

/** @throws ConfigError when the schema's name cannot be one. */
export function sqlNames(schema: string, now: string = databaseClock): SqlNames {
  // 63 bytes is PostgreSQL's limit; it would cut the rest off without a word.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith('pg_')) {
    throw new ConfigError(
      `"${schema}" cannot be the schema of a storage. Nothing was opened. Use lower-case letters, digits and underscores, ` +
        'up to 63, not beginning with a digit or "pg_".',
    )
  }
  const inSchema = (name: string): string => `"${schema}".${name}`
  return {
    schema,
    now,
    shards: inSchema('shards'),
    sequences: inSchema('sequences'),
    states: inSchema('states'),
    messages: inSchema('messages'),
    replies: inSchema('replies'),
    journals: inSchema('journals'),
    executions: inSchema('executions'),
    giveWay: inSchema('give_way()'),
  }
}
