import type { RequestId } from '@cruster/core'
import type { NewMessage, Operation } from '@cruster/core/ports'

/** Messages that a run sends or cancels: with its commit or not at all. */
export class Outbox {
  readonly #messages: NewMessage[] = []
  readonly #cancelled: RequestId[] = []

  add(message: NewMessage): void {
    this.#messages.push(message)
  }

  cancel(message: RequestId): void {
    this.#cancelled.push(message)
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0 && this.#cancelled.length === 0
  }

  get cancelled(): readonly RequestId[] {
    return this.#cancelled
  }

  /** Operations for the commit. A message whose idempotency key is known already is left out. */
  operations(): readonly Operation[] {
    return [
      ...this.#messages.map((message) => ({ kind: 'saveMessage', message, ifNew: true }) as const),
      ...this.#cancelled.map((id) => ({ kind: 'cancelMessage', id, ifPending: true }) as const),
    ]
  }

  /** The messages with the sequences that the commit gave them, without those that were known. */
  stored(sequences: readonly number[]): readonly { readonly message: NewMessage; readonly sequence: number }[] {
    return this.#messages
      .map((message, index) => ({ message, sequence: sequences[index] ?? 0 }))
      .filter(({ sequence }) => sequence > 0)
  }
}
