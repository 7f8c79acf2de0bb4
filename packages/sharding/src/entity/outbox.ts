import type { RequestId } from '@cruster/core'
import type { NewMessage, Operation } from '@cruster/core/ports'

/** Hears of what a commit sent and cancelled. */
interface Told {
  handOver(placed: readonly { readonly message: NewMessage; readonly sequence: number }[]): void
  cancelled(messages: readonly RequestId[]): void
}

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

  /**
   * Operations for the commit. A message whose idempotency key is known already is left out. One without a key whose id is
   * known is another message's: the unit is refused as `duplicate` of that id, and whatever made it has to be done again.
   */
  operations(): readonly Operation[] {
    return [
      ...this.#messages.map(
        (message) => ({ kind: 'saveMessage', message, ifNew: message.digest !== undefined }) as const,
      ),
      ...this.#cancelled.map((id) => ({ kind: 'cancelMessage', id, ifPending: true }) as const),
    ]
  }

  /** The commit was made, and gave the messages these sequences: whom it concerns is told. 0: it was known already. */
  committed(sequences: readonly number[], told: Told): void {
    const placed = this.#messages.map((message, index) => ({ message, sequence: sequences[index] ?? 0 }))
    told.handOver(placed.filter(({ sequence }) => sequence > 0))
    told.cancelled(this.#cancelled)
  }
}
