import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import { epoch, requestId, shardId } from '@cruster/core'
import type { Fence, NewMessage, Operation, Storage, Unit, UnitResult } from '@cruster/core/ports'
import { onTestFinished } from 'vitest'

export const shard: ShardId = shardId('default', 0)
export const address: EntityAddress = { shard, type: 'Counter', id: 'a' }
export const fence = (number: number): Fence => ({ shard, epoch: epoch(number) })
export const never: AbortSignal = new AbortController().signal

export function message(id: string, parts: Partial<NewMessage> = {}): NewMessage {
  const defaults = { address, method: 'add', payload: new Uint8Array([1]), headers: {}, oneWay: false, retainMs: 1000 }
  return { id: requestId(id), ...defaults, ...parts }
}

export const saveMessage = (id: string, parts: Partial<NewMessage> = {}): Operation => ({
  kind: 'saveMessage',
  message: message(id, parts),
})

export function saveReply(id: string): Operation {
  return { kind: 'saveReply', id: requestId(id), address, exit: new Uint8Array([2]), retainMs: 1000 }
}

/** A unit that stores a message; everybody may commit it. */
export const sending = (id: string): Unit => ({ operations: [saveMessage(id)] })

export async function commit(storage: Storage, unit: Unit): Promise<UnitResult | undefined> {
  const [result] = await storage.commit([unit])
  return result
}

export async function pendingIds(storage: Storage): Promise<RequestId[]> {
  const messages = await storage.messages.pending({ shard, after: 0, dueWithinMs: 0, limit: 1000 })
  return messages.map(({ id }) => id)
}

/** A path for a database, whose folder is removed after the test. */
export function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cruster-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'cruster.db')
}
