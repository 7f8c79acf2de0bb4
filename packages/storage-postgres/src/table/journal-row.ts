import type { EntityAddress, StorageError } from '@cruster/core'
import type { JournalQuery } from '@cruster/core/ports'
import { bytesOf, numberOf, optional } from '../row-values.ts'
import type { Row } from '../session/session.ts'
import { notStarted } from '../storage-failure.ts'

/**
 * Most entries in a row. A reader that begins at a position has to look so far back for the row that holds it.
 *
 * A workflow of three activities writes five entries in three units: with a row for each the server needs 7 % more time for it, and
 * writes 11 % more to its log.
 */
export const entriesPerRow = 64

/** A row with more bytes than this is not added to: large entries have rows of their own. */
const bytesPerRow = 65_536

/** Bytes in front of an entry that shares its row: its length. */
const frame = 4

/** Entries of a journal that lie in one row. */
export interface JournalRow {
  readonly address: EntityAddress
  /** Of the first of them. */
  readonly position: number
  /** Undefined: one, as it is. */
  readonly count: number | undefined
  readonly entry: Uint8Array
}

/** The rows for entries that are written together, the first of which gets `position`. */
export function journalRows(address: EntityAddress, position: number, entries: readonly Uint8Array[]): JournalRow[] {
  const [only] = entries
  if (only !== undefined && entries.length === 1) return [{ address, position, count: undefined, entry: only }]
  const rows: JournalRow[] = []
  for (let start = 0; start < entries.length;) {
    const end = endOfRow(entries, start)
    const entry = framed(entries.slice(start, end))
    rows.push({ address, position: position + start, count: end - start, entry })
    start = end
  }
  return rows
}

/** The entries of a page out of rows in the order of their positions. @throws StorageError when one is missing between them. */
export function entriesOf(rows: readonly Row[], { address, after, limit }: JournalQuery): readonly Uint8Array[] {
  const entries: Uint8Array[] = []
  for (const row of rows) {
    const position = numberOf(row, 'position')
    const wanted = after + 1 + entries.length
    const held = unframed(row)
    if (position + held.length <= wanted) continue
    if (position > wanted) throw hole(address, wanted)
    entries.push(...held.slice(wanted - position))
  }
  return entries.length > limit ? entries.slice(0, limit) : entries
}

function endOfRow(entries: readonly Uint8Array[], start: number): number {
  let bytes = 0
  let end = start
  while (end < entries.length && end - start < entriesPerRow && bytes <= bytesPerRow) {
    bytes += entries[end]?.byteLength ?? 0
    end++
  }
  return end
}

function framed(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { byteLength }) => sum + frame + byteLength, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const entry of entries) {
    view.setUint32(at, entry.byteLength)
    bytes.set(entry, at + frame)
    at += frame + entry.byteLength
  }
  return bytes
}

/** Those that count: behind them may be some that were removed. */
function unframed(row: Row): readonly Uint8Array[] {
  const bytes = bytesOf(row, 'entry')
  const count = optional(row, 'count', numberOf)
  if (count === undefined) return [bytes]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < count) {
    const end = at + frame + view.getUint32(at)
    entries.push(bytes.subarray(at + frame, end))
    at = end
  }
  return entries
}

function hole({ type, id }: EntityAddress, position: number): StorageError {
  return notStarted(
    `The journal of ${type}/${id} has no entry ${position}, but later ones. The database was edited or is damaged: restore ` +
      'a copy, or delete the execution.',
  )
}
