import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import { epoch, requestId, shardId } from '@cruster/core'
import type {
  Fence,
  NewMessage,
  Operation,
  PutState,
  SaveMessage,
  SaveReply,
  Storage,
  StoredMessage,
  UnitResult,
} from '@cruster/core/ports'

/** The shard in which everything happens unless a law says otherwise. */
export const home: ShardId = shardId('default', 7)
export const elsewhere: ShardId = shardId('default', 8)

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textIn = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value)

export const fence = (number: number, shard: ShardId = home): Fence => ({ shard, epoch: epoch(number) })
export const address = (id: string, shard: ShardId = home): EntityAddress => ({ shard, type: 'Counter', id })

/** A message with an id and defaults for the rest. */
export function message(id: string, parts: Partial<Omit<NewMessage, 'id'>> = {}): NewMessage {
  return {
    id: requestId(id),
    address: address('a'),
    method: 'add',
    payload: bytes(`payload of ${id}`),
    headers: {},
    oneWay: false,
    retainMs: 100,
    ...parts,
  }
}

export const saveMessage = (id: string, parts: Partial<Omit<NewMessage, 'id'>> = {}): SaveMessage => ({
  kind: 'saveMessage',
  message: message(id, parts),
})

export const saveReply = (id: string, exit: string, parts: Partial<SaveReply> = {}): SaveReply => ({
  kind: 'saveReply',
  id: requestId(id),
  address: address('a'),
  exit: bytes(exit),
  retainMs: 100,
  ...parts,
})

export const putState = (id: string, version: number, state: string): PutState => ({
  kind: 'putState',
  address: address(id),
  version,
  state: bytes(state),
})

export const expectState = (id: string, version: number): Operation => ({
  kind: 'expectState',
  address: address(id),
  version,
})

export const complete = (id: string): Operation => ({ kind: 'completeMessage', id: requestId(id) })
export const forget = (id: string): Operation => ({ kind: 'completeMessage', id: requestId(id), forget: true })
export const cancel = (id: string): Operation => ({ kind: 'cancelMessage', id: requestId(id) })
export const cancelIfPending = (id: string): Operation => ({
  kind: 'cancelMessage',
  id: requestId(id),
  ifPending: true,
})
export const count = (id: string): Operation => ({ kind: 'countAttempt', id: requestId(id) })
export const revive = (id: string): Operation => ({ kind: 'reviveMessage', id: requestId(id) })
export const bury = (id: string, exit: string): Operation => ({
  kind: 'buryMessage',
  id: requestId(id),
  exit: bytes(exit),
})

/** Claims the home shard and returns the fence to write with. */
export async function own(storage: Storage, number = 1): Promise<Fence> {
  await storage.claim([fence(number)])
  return fence(number)
}

/** Commits one unit; without a fence when none is given. */
export async function commit(storage: Storage, operations: readonly Operation[], by?: Fence): Promise<UnitResult> {
  const [result] = await storage.commit([by === undefined ? { operations } : { fence: by, operations }])
  if (result === undefined) throw new TypeError('commit answered nothing for a unit')
  return result
}

/** All pending messages of a shard, due or not. */
export function pending(storage: Storage, shard: ShardId = home): Promise<readonly StoredMessage[]> {
  return storage.messages.pending({ shard, after: 0, dueWithinMs: 1e12, limit: 1000 })
}

export const ids = (messages: readonly { readonly id: RequestId }[]): string[] => messages.map(({ id }) => id)

export async function stateOf(storage: Storage, id: string): Promise<string | undefined> {
  return textIn((await storage.states.load(address(id)))?.state)
}

/**
 * A value in a form that `deepEqual` can compare across storages: bytes as text in hex, whatever class they come in, and
 * without fields that are undefined.
 */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]))
}
