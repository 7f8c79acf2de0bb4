import { StorageError } from '@cruster/core'

/**
 * What is wrong with a runner's way to storage. `refused`: requests do not arrive. `unanswered`: they arrive and take effect, but
 * their answers are lost.
 */
export type StorageFault = 'refused' | 'unanswered'

/** One runner's way to storage, which can be held up, be broken for a while, or end. */
export class StorageGate {
  #fault: StorageFault | undefined
  #resume: (() => void) | undefined
  #resumed: Promise<void> = Promise.resolve()
  #isClosed = false

  /** Takes a request to storage, and its answer back. */
  async pass<T>(request: () => Promise<T>): Promise<T> {
    await this.#resumed
    this.#check(this.#fault === 'refused', 'not-started')
    try {
      return await request()
    } finally {
      await this.#resumed
      this.#check(this.#fault === 'unanswered', 'unknown')
    }
  }

  /** Without a fault, ends the one there is. */
  fail(fault: StorageFault | undefined): void {
    this.#fault = fault
  }

  /** Requests and answers wait. */
  pause(): void {
    if (this.#resume !== undefined) return
    this.#resumed = new Promise((resolve) => (this.#resume = resolve))
  }

  resume(): void {
    this.#resume?.()
    this.#resume = undefined
  }

  /** Nothing passes any more, in neither direction. */
  close(): void {
    this.#isClosed = true
    this.resume()
  }

  #check(isFaulty: boolean, outcome: 'not-started' | 'unknown'): void {
    if (this.#isClosed)
      throw new StorageError('This runner has crashed: nothing reaches storage from here.', { outcome })
    if (isFaulty)
      throw new StorageError('The way to storage is broken, on behalf of a test. Try again later.', { outcome })
  }
}
