import { requestId, type RequestId } from '@cruster/core'
import type { StoredReply } from '@cruster/core/ports'
import { addressOf, bytesOf, numberOf, optional } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import { toStoredText } from '../stored-text.ts'
import type { Read } from './postgres-message-reader.ts'

export async function readReply(read: Read, { replies }: SqlNames, id: RequestId): Promise<StoredReply | undefined> {
  const text = `select shard, type, entity, digest, exit, stored_at from ${replies} where id = $1`
  const [row] = await read({ name: 'cruster_find_reply', text, values: [toStoredText(id)] })
  if (row === undefined) return undefined
  return {
    id: requestId(id),
    address: addressOf(row),
    digest: optional(row, 'digest', bytesOf),
    exit: bytesOf(row, 'exit'),
    storedAt: numberOf(row, 'stored_at'),
  }
}

export async function readNewestEpoch(read: Read, { shards }: SqlNames): Promise<number> {
  const [row] = await read({ text: `select coalesce(max(epoch), 0)::int8 as epoch from ${shards}` })
  return row === undefined ? 0 : numberOf(row, 'epoch')
}
