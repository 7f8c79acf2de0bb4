import type { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '@cruster/core'

/**
 * Brings the framework's tables to the newest of `versions` in one transaction: a failed migration leaves the file as it
 * was. There is no way back; a file that is newer is refused.
 */
export function migrate(database: DatabaseSync, versions: readonly string[], now: number): void {
  database.exec(
    'create table if not exists cruster_schema (version integer primary key, applied_at real not null) strict',
  )
  const version = schemaVersion(database)
  if (version > versions.length) throw newerSchema(database, version, versions.length)
  if (version === versions.length) return
  database.exec('begin immediate')
  try {
    const record = database.prepare('insert into cruster_schema (version, applied_at) values (?, ?)')
    for (const [index, sql] of versions.entries()) {
      if (index < version) continue
      database.exec(sql)
      record.run(index + 1, now)
    }
    database.exec('commit')
  } catch (cause) {
    if (database.isTransaction) database.exec('rollback')
    throw cause
  }
}

/** 0 for a file without framework tables. */
function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('select max(version) as version from cruster_schema').get()?.['version'] ?? 0)
}

function newerSchema(database: DatabaseSync, version: number, known: number): ConfigError {
  return new ConfigError(
    `${database.location() ?? ':memory:'} has schema version ${version}, but this release of @cruster/storage-sqlite ` +
      `knows versions up to ${known}. Nothing was changed. Start with a release that is at least as new as the one ` +
      'that wrote the file, or restore a copy from before the upgrade.',
  )
}
