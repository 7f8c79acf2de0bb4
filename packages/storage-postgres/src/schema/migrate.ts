import { ConfigError } from '@cruster/core'
import { numberOf } from '../row-values.ts'
import type { Session } from '../session/session.ts'
import type { SqlNames } from './sql-names.ts'

/** One step of the schema, as in `migrations/`. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Taken by whoever migrates, in any schema of the database: the bytes of `cruster`. */
const lockKey = '28003258440836466'

/**
 * Brings the schema to the newest version in one transaction: a step that fails leaves everything as it was. Of several that
 * start at once one does it, and the others wait and find it done. There is no way back.
 *
 * @throws ConfigError when the schema is newer than `migrations`.
 */
export async function migrate(session: Session, names: SqlNames, migrations: readonly Migration[]): Promise<void> {
  if ((await checkedVersion(session, names, migrations)) === migrations.length) return
  await session.run({ text: 'begin' })
  try {
    await session.run({ text: `select pg_advisory_xact_lock(${lockKey})` })
    // Somebody else may have done it while this one waited.
    const version = await checkedVersion(session, names, migrations)
    await apply(
      session,
      names,
      migrations.slice(version).map((step, index) => ({ ...step, version: version + index + 1 })),
    )
    await session.run({ text: 'commit' })
  } catch (cause) {
    await session.run({ text: 'rollback' })
    throw cause
  }
}

/** 0 for a database without the schema. */
async function schemaVersion(session: Session, { schema }: SqlNames): Promise<number> {
  // Not to_regclass: in a transaction that waited, it may still answer from before the wait.
  const text = `select from pg_catalog.pg_tables where schemaname = $1 and tablename = 'migrations'`
  const { rows } = await session.run({ text, values: [schema] })
  if (rows.length === 0) return 0
  const newest = await session.run({ text: `select coalesce(max(version), 0) as version from "${schema}".migrations` })
  return newest.rows[0] === undefined ? 0 : numberOf(newest.rows[0], 'version')
}

async function checkedVersion(
  session: Session,
  names: SqlNames,
  { length: known }: readonly Migration[],
): Promise<number> {
  const version = await schemaVersion(session, names)
  if (version <= known) return version
  throw new ConfigError(
    `Schema "${names.schema}" has version ${version}, but this release of @cruster/storage-postgres knows versions up to ` +
      `${known}. Nothing was changed. Start a release that is at least as new as the one that migrated the database.`,
  )
}

async function apply(
  session: Session,
  { schema, now }: SqlNames,
  steps: readonly (Migration & { readonly version: number })[],
): Promise<void> {
  if (steps.length === 0) return
  await session.run({ text: `create schema if not exists "${schema}"` })
  await session.run({ text: `set local search_path to "${schema}"` })
  await session.run({
    text: `create table if not exists migrations (
      version integer primary key, name text not null, applied_at double precision not null)`,
  })
  for (const { name, sql, version } of steps) {
    await session.run({ text: sql })
    await session.run({ text: `insert into migrations values ($1, $2, ${now})`, values: [version, name] })
  }
}
