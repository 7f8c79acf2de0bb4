import type { EntityKey, RequestId } from '@cruster/core'

/** A stored message in its entity's queue. */
export interface QueuedMessage {
  readonly id: RequestId
  readonly sequence: number
}

/**
 * The stored messages of one entity that are due, and how many of them run. Pure.
 *
 * Invariants: Q1 messages start in the order of their sequences among those that are here. Q2 at most `concurrency`
 * run. Q3 while a message waits to be delivered again, none behind it starts.
 */
export class EntityQueue<Message extends QueuedMessage> {
  readonly key: EntityKey
  readonly #concurrency: number
  readonly #running = new Set<Message>()
  #waiting: Message[] = []
  #paused = false

  constructor(key: EntityKey, concurrency: number) {
    this.key = key
    this.#concurrency = concurrency
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#running.size === 0
  }

  add(message: Message): void {
    const last = this.#waiting.at(-1)
    this.#waiting.push(message)
    if (last !== undefined && last.sequence > message.sequence) this.#waiting.sort((a, b) => a.sequence - b.sequence)
  }

  /** The next message that may start; it counts as running from here on. */
  start(): Message | undefined {
    if (this.#paused || this.#running.size >= this.#concurrency) return undefined
    const next = this.#waiting.shift()
    if (next !== undefined) this.#running.add(next)
    return next
  }

  /** The message has ended for good. */
  ended(message: Message): void {
    this.#running.delete(message)
  }

  /** The delivery failed: the message goes back to its place, and everything waits until {@link resume}. */
  pause(message: Message): void {
    this.#running.delete(message)
    this.#paused = true
    this.add(message)
  }

  resume(): void {
    this.#paused = false
  }

  /** Takes out a message that has not started. False when it has. */
  remove(message: Message): boolean {
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter((waiting) => waiting !== message)
    return this.#waiting.length < before
  }
}
