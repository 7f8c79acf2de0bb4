import type { StatementSync } from 'node:sqlite'
import type { EntityAddress } from '@cruster/core'
import type { AppendJournal, JournalQuery } from '@cruster/core/ports'
import { bytesOf, numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { notStarted } from '../storage-failure.ts'
import { toStoredBytes } from '../stored-bytes.ts'
import { toStoredText } from '../stored-text.ts'

const readSql = `
select position, entry from cruster_journals where type = ? and entity = ? and position > ? order by position limit ?`

const sizeSql = `
select position from cruster_journals where type = ? and entity = ? order by position desc limit 1`

/** What executions have done so far, entry by entry. */
export class JournalTable {
  readonly #read: StatementSync
  readonly #size: StatementSync
  readonly #insert: StatementSync
  readonly #truncate: StatementSync

  constructor(connection: SqliteConnection) {
    this.#read = connection.prepare(readSql)
    this.#size = connection.prepare(sizeSql)
    this.#insert = connection.prepare(
      'insert into cruster_journals (type, entity, position, entry) values (?, ?, ?, ?)',
    )
    this.#truncate = connection.prepare('delete from cruster_journals where type = ? and entity = ? and position > ?')
  }

  /** @throws StorageError for a journal with a hole, which Cruster never writes. */
  read({ address, after, limit }: JournalQuery): readonly Uint8Array[] {
    const rows = this.#read.all(toStoredText(address.type), toStoredText(address.id), after, limit)
    return rows.map((row, index) => {
      if (numberOf(row, 'position') !== after + 1 + index) throw hole(address, after + 1 + index)
      return bytesOf(row, 'entry')
    })
  }

  /** The last position; 0 for an execution without a journal. */
  size({ type, id }: EntityAddress): number {
    const row = this.#size.get(toStoredText(type), toStoredText(id))
    return row === undefined ? 0 : numberOf(row, 'position')
  }

  /** False, and nothing written, when the journal does not end just before. */
  append({ address, position, entries }: AppendJournal): boolean {
    if (this.size(address) !== position - 1) return false
    const type = toStoredText(address.type)
    const entity = toStoredText(address.id)
    for (const [index, entry] of entries.entries()) {
      this.#insert.run(type, entity, position + index, toStoredBytes(entry))
    }
    return true
  }

  /** Removes what is behind the position. Returns how many entries that were. */
  truncate({ type, id }: Pick<EntityAddress, 'type' | 'id'>, position: number): number {
    return Number(this.#truncate.run(toStoredText(type), toStoredText(id), position).changes)
  }
}

function hole({ type, id }: EntityAddress, position: number): Error {
  return notStarted(
    `The journal of ${type}/${id} has no entry ${position}, but later ones. The file was edited or is damaged: restore a ` +
      'copy, or delete the execution.',
  )
}
