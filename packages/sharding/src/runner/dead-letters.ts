import type { EntityAddress, RequestId } from '@cruster/core'
import { CodecError, Defect, decodeError, decodeExit } from '@cruster/core'
import type { DeadLetter, MessageFilter, Storage } from '@cruster/core/ports'
import type { Placed } from '../delivery/hand-over.ts'

/** A message that was given up, for people and tools. */
export interface DeadMessage {
  readonly id: RequestId
  readonly address: EntityAddress
  readonly method: string
  /** Deliveries that were made. */
  readonly deliveries: number
  /** What callers of the message are told. */
  readonly error: Error
  readonly storedAt: Date
  readonly diedAt: Date
}

/** Messages that were given up: look at them, and send them again once the cause is removed. */
export class DeadLetters {
  readonly #storage: Storage
  readonly #handOver: (placed: readonly Placed[]) => void

  constructor(storage: Storage, handOver: (placed: readonly Placed[]) => void) {
    this.#storage = storage
    this.#handOver = handOver
  }

  /** Newest first; at most `limit`, by default 100. */
  async list(filter: Partial<Omit<MessageFilter, 'status'>> = {}): Promise<readonly DeadMessage[]> {
    const letters = await this.#storage.messages.deadLetters({ limit: 100, ...filter })
    return letters.map(describe)
  }

  /** Makes a dead message pending again, behind everything its entity has. False when it is not dead. */
  async redrive(id: RequestId): Promise<boolean> {
    const record = await this.#storage.messages.find(id)
    if (record === undefined) return false
    const [result] = await this.#storage.commit([{ operations: [{ kind: 'reviveMessage', id }] }])
    if (result?.kind !== 'applied') return false
    this.#handOver([{ message: record.message, sequence: result.sequences[0] ?? 0 }])
    return true
  }
}

function describe({ message, exit, diedAt }: DeadLetter): DeadMessage {
  return {
    id: message.id,
    address: message.address,
    method: message.method,
    deliveries: message.attempts + 1,
    error: lastError(message.id, exit),
    storedAt: new Date(message.storedAt),
    diedAt: new Date(diedAt),
  }
}

function lastError(id: RequestId, exit: Uint8Array | undefined): Error {
  if (exit === undefined) return new CodecError(`The stored row of message ${id} is damaged. It cannot be redriven.`)
  const decoded = decodeExit(exit)
  if (decoded.kind === 'failure') return decodeError(decoded.error)
  return new Defect(`Dead letter ${id} has an exit that is no failure.`)
}
