import { epoch, requestId, shardId, type EntityAddress } from '@cruster/core'
import type {
  Fence,
  NewMessage,
  Operation,
  SaveMessage,
  SaveReply,
  Storage,
  Unit,
  UnitResult,
} from '@cruster/core/ports'

export const never: AbortSignal = new AbortController().signal
export const shard = shardId('default', 0)

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const fence = (number: number, index = 0): Fence => ({ shard: shardId('default', index), epoch: epoch(number) })
export const address = (id: string, index = 0): EntityAddress => ({
  shard: shardId('default', index),
  type: 'Counter',
  id,
})

export function message(id: string, parts: Partial<Omit<NewMessage, 'id'>> = {}): NewMessage {
  return {
    id: requestId(id),
    address: address('a'),
    method: 'add',
    payload: bytes(id),
    headers: {},
    oneWay: false,
    retainMs: 1e9,
    ...parts,
  }
}

export const saveMessage = (id: string, parts: Partial<Omit<NewMessage, 'id'>> = {}): SaveMessage => ({
  kind: 'saveMessage',
  message: message(id, parts),
})

export const sending = (...ids: readonly string[]): Unit => ({ operations: ids.map((id) => saveMessage(id)) })

export const putState = (id: string, version: number, index = 0): Operation => ({
  kind: 'putState',
  address: address(id, index),
  version,
  state: bytes(`${id} ${version}`),
})

export const saveReply = (id: string, exit = 'exit'): SaveReply => ({
  kind: 'saveReply',
  id: requestId(id),
  address: address('a'),
  exit: bytes(exit),
  retainMs: 1e9,
})

export async function commit(storage: Storage, unit: Unit): Promise<UnitResult> {
  const [result] = await storage.commit([unit])
  if (result === undefined) throw new TypeError('no result')
  return result
}

export async function pendingIds(storage: Storage): Promise<readonly string[]> {
  const pending = await storage.messages.pending({ shard, after: 0, dueWithinMs: 0, limit: 1000 })
  return pending.map(({ id }) => id)
}
