import type { StatementSync } from 'node:sqlite'
import type { EntityAddress } from '@cruster/core'
import type { PutState, StoredState } from '@cruster/core/ports'
import { bytesOf, numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredBytes } from '../stored-bytes.ts'
import { toStoredText } from '../stored-text.ts'

const insertSql = `
insert into cruster_states (type, entity, version, state) values (?, ?, 1, ?)
on conflict (type, entity) do nothing`

const updateSql = `
update cruster_states set version = ?, state = ?
where type = ? and entity = ? and version = ?`

/** The newest state of each entity. */
export class StateTable {
  readonly #find: StatementSync
  readonly #version: StatementSync
  readonly #insert: StatementSync
  readonly #update: StatementSync

  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare('select version, state from cruster_states where type = ? and entity = ?')
    this.#version = connection.prepare('select version from cruster_states where type = ? and entity = ?')
    this.#insert = connection.prepare(insertSql)
    this.#update = connection.prepare(updateSql)
  }

  load(address: EntityAddress): StoredState | undefined {
    const row = this.#find.get(toStoredText(address.type), toStoredText(address.id))
    return row === undefined ? undefined : { version: numberOf(row, 'version'), state: bytesOf(row, 'state') }
  }

  /** 0 for an entity that was never written. */
  version(address: EntityAddress): number {
    const row = this.#version.get(toStoredText(address.type), toStoredText(address.id))
    return row === undefined ? 0 : numberOf(row, 'version')
  }

  /** False, and nothing written, when the stored version is not the one before. */
  put({ address, version, state: bytes }: PutState): boolean {
    const state = toStoredBytes(bytes)
    const type = toStoredText(address.type)
    const entity = toStoredText(address.id)
    const { changes } =
      version === 1
        ? this.#insert.run(type, entity, state)
        : this.#update.run(version, state, type, entity, version - 1)
    return changes === 1
  }
}
