import type { EntityKey, RequestId } from '@cruster/core'

/** A stored message in its entity's queue. */
export interface QueuedMessage {
  readonly id: RequestId
  readonly sequence: number
}

/**
 * The stored messages of one entity that are due, and how many of them run. Pure.
 *
 * Invariants: Q1 messages start in the order of their sequences among those that are here, and none before the one before
 * it has really started. Q2 at most `concurrency` run. Q3 while a message waits to be delivered again, none behind it
 * starts; when its own pause is over, it is the next.
 */
export class EntityQueue<Message extends QueuedMessage> {
  readonly key: EntityKey
  readonly #concurrency: number
  /** Mostly one: a list is cheaper than a set then. */
  readonly #running: Message[] = []
  #waiting: Message[] = []
  /** Messages whose delivery failed, and whose pause is not over. Made with the first: most queues have none. */
  #resting: Set<Message> | undefined
  #starting: Message | undefined

  constructor(key: EntityKey, concurrency: number) {
    this.key = key
    this.#concurrency = concurrency
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#running.length === 0
  }

  /** Whether everything that waits does so for the pause of a message whose delivery failed. */
  get isHeldBack(): boolean {
    const [first] = this.#waiting
    return first !== undefined && this.#isResting(first)
  }

  add(message: Message): void {
    const last = this.#waiting.at(-1)
    this.#waiting.push(message)
    if (last !== undefined && last.sequence > message.sequence) this.#waiting.sort((a, b) => a.sequence - b.sequence)
  }

  /** The next message that may start; it counts as running from here on. */
  start(): Message | undefined {
    const next = this.#waiting[0]
    if (next === undefined || this.#isResting(next) || this.#running.length >= this.#concurrency) return undefined
    if (this.#starting !== undefined) return undefined
    this.#waiting.shift()
    this.#running.push(next)
    this.#starting = next
    return next
  }

  /** The message has really started, or will not: the next one may. */
  started(message: Message): void {
    if (this.#starting === message) this.#starting = undefined
  }

  /** Whether its turn is over before it came: one before it has come back meanwhile. */
  isOvertaking({ sequence }: Message): boolean {
    return this.#waiting.some((waiting) => waiting.sequence < sequence)
  }

  /** The message has not really started: it goes back to its place. */
  putBack(message: Message): void {
    this.ended(message)
    this.add(message)
  }

  /** The message has ended for good. */
  ended(message: Message): void {
    const index = this.#running.indexOf(message)
    if (index >= 0) this.#running.splice(index, 1)
    this.started(message)
  }

  /** The delivery failed: the message goes back to its place, and everything behind it waits until {@link resume}. */
  pause(message: Message): void {
    this.ended(message)
    this.#resting ??= new Set()
    this.#resting.add(message)
    this.add(message)
  }

  /** The pause of a message is over. */
  resume(message: Message): void {
    this.#resting?.delete(message)
  }

  /** Takes out a message that has not started. False when it has. */
  remove(message: Message): boolean {
    this.#resting?.delete(message)
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter((waiting) => waiting !== message)
    return this.#waiting.length < before
  }

  #isResting(message: Message): boolean {
    return this.#resting?.has(message) === true
  }
}
