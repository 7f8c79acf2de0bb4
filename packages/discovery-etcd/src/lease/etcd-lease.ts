import { DiscoveryError } from '@cruster/core'
import type { Timer } from '@cruster/core/ports'
import { isLeaseGone } from '../link/discovery-failure.ts'
import type { EtcdLink, GrantedLease } from '../link/etcd-link.ts'

/** How many times a lease is renewed while one renewal would last. */
const renewalsPerLease = 3

/** Pause after a renewal that failed, as a share of the time between two. */
const retryShare = 1 / 5

/** How long a goodbye may take; without it the lease runs out by itself. */
const revokeMs = 2_000

/**
 * A lease in etcd, kept alive from this side until it is disposed or lost.
 *
 * L1 `deadline` is never later than the moment at which etcd may end the lease: it counts from before a renewal was sent.
 * L2 Once the deadline has passed, or etcd says that the lease is gone, `lost` aborts and stays so.
 */
export class EtcdLease implements AsyncDisposable {
  readonly id: string
  readonly #link: EtcdLink
  readonly #owner: string
  readonly #ttlMs: number
  readonly #lost = new AbortController()
  #deadline: number
  #renewal: Timer | undefined
  #expiry: Timer | undefined
  #isOver = false

  private constructor(link: EtcdLink, owner: string, { id, ttlS, since }: GrantedLease & { readonly since: number }) {
    this.#link = link
    this.#owner = owner
    this.id = id
    this.#ttlMs = ttlS * 1000
    this.#deadline = since + this.#ttlMs
    this.#watchDeadline()
    this.#renewAfter(this.#intervalMs)
  }

  /** @param owner - who holds it, for messages: `runner 7f… at 10.0.0.1:9000` */
  static async grant(link: EtcdLink, ttlS: number, owner: string): Promise<EtcdLease> {
    const since = link.clock.monotonic()
    return new EtcdLease(link, owner, { ...(await link.grant(ttlS)), since })
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  get deadline(): number {
    return this.#deadline
  }

  /** @throws DiscoveryError when the lease is over. */
  check(): void {
    if (!this.#isOver) return
    throw new DiscoveryError(`The membership of ${this.#owner} is over. Join again for a new one.`)
  }

  /** Passes on what etcd answers; an answer that the lease is gone ends it. */
  async watched<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (isLeaseGone(error instanceof Error ? error.cause : undefined)) this.lose()
      throw error
    }
  }

  /** Whatever hung on the lease is gone, or may be. */
  lose(): void {
    if (this.#isOver) return
    this.#stop()
    const error = new DiscoveryError(
      `The lease of ${this.#owner} could not be renewed in time, or etcd has ended it. Others may own its shards now. ` +
        'Join again, and check the way to etcd.',
    )
    this.#link.log.log('warn', 'A lease in etcd was lost.', { error })
    this.#lost.abort(error)
  }

  /** Ends the lease with all its keys, in one call. When etcd cannot be reached, it runs out by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop()
    try {
      await this.#link.revoke(this.id, revokeMs)
    } catch (error) {
      if (isLeaseGone(error)) return
      this.#link.log.log('info', 'A lease could not be given back to etcd; it runs out by itself.', { error })
    }
  }

  get #intervalMs(): number {
    return this.#ttlMs / renewalsPerLease
  }

  async #renew(): Promise<void> {
    const { clock, log } = this.#link
    const since = clock.monotonic()
    try {
      const leftS = await this.#link.renew(this.id, Math.min(this.#intervalMs, this.#deadline - since))
      this.#renewed(since, leftS * 1000)
    } catch (error) {
      if (this.#isOver) return
      log.log('debug', 'A lease could not be renewed; this is tried again.', { error })
      this.#renewAfter(this.#intervalMs * retryShare)
    }
  }

  #renewed(since: number, leftMs: number): void {
    if (this.#isOver) return
    const now = this.#link.clock.monotonic()
    // An answer that was slower than the lease, say because the process was stopped: others may have taken over since.
    if (leftMs <= 0 || now >= this.#deadline) return this.lose()
    this.#deadline = since + leftMs
    this.#watchDeadline()
    this.#renewAfter(since + this.#intervalMs - now)
  }

  #renewAfter(delayMs: number): void {
    this.#renewal = this.#link.clock.setTimer(delayMs, () => void this.#renew())
  }

  #watchDeadline(): void {
    const { clock } = this.#link
    this.#expiry?.cancel()
    this.#expiry = clock.setTimer(this.#deadline - clock.monotonic(), () => this.lose())
  }

  #stop(): void {
    this.#isOver = true
    this.#renewal?.cancel()
    this.#expiry?.cancel()
    this.#deadline = Math.min(this.#deadline, this.#link.clock.monotonic())
  }
}
