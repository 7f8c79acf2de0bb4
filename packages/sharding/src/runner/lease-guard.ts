import type { Clock, Membership, Timer } from '@cruster/core/ports'

/**
 * Watches the deadline of a lease on the monotonic clock. From `marginMs` before it on, ownership is not certain any
 * more, and nothing may be executed: another runner may take over at the deadline.
 */
export class LeaseGuard implements Disposable {
  readonly #clock: Clock
  readonly #membership: Membership
  readonly #expired: () => void
  #timer: Timer | undefined
  #isOver = false

  /** Calls back once, when the lease was not renewed in time or is known to be lost. */
  constructor(clock: Clock, membership: Membership, expired: () => void) {
    this.#clock = clock
    this.#membership = membership
    this.#expired = expired
    membership.lost.addEventListener('abort', this.#expire, { once: true })
    this.#arm()
  }

  get isCertain(): boolean {
    return !this.#isOver && this.#clock.monotonic() < this.#membership.leaseDeadline() - marginMs
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#timer?.cancel()
    this.#membership.lost.removeEventListener('abort', this.#expire)
  }

  #arm(): void {
    const leftMs = this.#membership.leaseDeadline() - marginMs - this.#clock.monotonic()
    if (leftMs === Infinity) return
    this.#timer = this.#clock.setTimer(leftMs, () => {
      if (this.isCertain) this.#arm()
      else this.#expire()
    })
  }

  readonly #expire = (): void => {
    if (this.#isOver) return
    this[Symbol.dispose]()
    this.#expired()
  }
}

/** Time for aborted handlers to notice before others can take over. */
const marginMs = 200
