import { CodecError, decode, encode } from '@cruster/core'
import type { JournalEntry } from './journal-entry.ts'

/** First item of every encoded entry. Journals outlive deployments: a change of an entry takes a new version. */
const formatVersion = 1

type Kind = JournalEntry['kind']
type FieldsOf<K extends Kind> = readonly Exclude<keyof Extract<JournalEntry, { readonly kind: K }>, 'kind'>[]

/**
 * Number and fields of each kind, in the order in which they are written. A field that is added at the end reads as undefined
 * in older entries. Numbers and places are never used for something else.
 */
const layout: { readonly [K in Kind]: { readonly tag: number; readonly fields: FieldsOf<K> } } = {
  started: { tag: 1, fields: ['version', 'run', 'input', 'digest', 'at', 'parents', 'carried', 'handled'] },
  joined: { tag: 2, fields: ['parent', 'message'] },
  value: { tag: 3, fields: ['step', 'of', 'name', 'digest', 'value'] },
  waiting: { tag: 4, fields: ['step', 'of', 'name', 'digest', 'dueAt', 'timer', 'child'] },
  done: { tag: 5, fields: ['step', 'of', 'name', 'digest', 'exit', 'attempts', 'at'] },
  attemptFailed: {
    tag: 6,
    fields: ['step', 'of', 'name', 'digest', 'attempt', 'error', 'begunAt', 'at', 'retryAt', 'timer'],
  },
  heartbeat: { tag: 7, fields: ['step', 'attempt', 'details', 'at'] },
  event: { tag: 8, fields: ['message', 'event', 'at'] },
  paused: { tag: 9, fields: ['by', 'note', 'at'] },
  resumed: { tag: 10, fields: ['at'] },
  ended: { tag: 11, fields: ['status', 'exit', 'at'] },
}

const kindByTag: ReadonlyMap<unknown, Kind> = new Map(
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
  (Object.keys(layout) as Kind[]).map((kind) => [layout[kind].tag, kind]),
)

/** An entry as bytes. @throws CodecError when something in it is no plain data. */
export function encodeEntry(entry: JournalEntry): Uint8Array {
  const { tag, fields } = layout[entry.kind]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table names fields of this kind
  const record = entry as unknown as Readonly<Record<string, unknown>>
  let length = fields.length
  while (length > 0 && record[fields[length - 1] ?? ''] === undefined) length -= 1
  const values: unknown[] = [formatVersion, tag]
  for (let index = 0; index < length; index += 1) values.push(record[fields[index] ?? ''])
  return encode(values, () => `a journal entry of kind ${entry.kind}`)
}

/** @throws CodecError when the bytes are damaged, or were written by a newer version. */
export function decodeEntry(bytes: Uint8Array): JournalEntry {
  const values = decode(bytes)
  if (!Array.isArray(values)) throw new CodecError('A journal entry is damaged: it is no list.')
  const [version, tag, ...items]: readonly unknown[] = values
  const kind = version === formatVersion ? kindByTag.get(tag) : undefined
  if (kind === undefined) {
    throw new CodecError(
      `A journal entry has format ${String(version)} and kind ${String(tag)}, which this runner cannot read. Deploy a runner that knows it.`,
    )
  }
  const entry: Record<string, unknown> = { kind }
  for (const [index, field] of layout[kind].fields.entries()) entry[field] = items[index]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by encodeEntry from an entry of this kind
  return entry as unknown as JournalEntry
}
