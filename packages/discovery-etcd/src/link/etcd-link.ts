import { SystemClock } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { Etcd3, IRangeRequest, IRangeResponse, ITxnRequest, ITxnResponse, WatchClient } from 'etcd3'
import { isPassing, toDiscoveryError } from './discovery-failure.ts'
import type { CallOptions } from './etcd-client.ts'
import { createEtcdClient } from './etcd-client.ts'
import type { LinkSettings } from './link-settings.ts'
import { renewLease } from './renew-lease.ts'
import { sleep } from './sleep.ts'

/** A stream of changes, as etcd sends it. */
export type RawWatch = Awaited<ReturnType<WatchClient['watch']>>

/** A lease, as etcd granted it. */
export interface GrantedLease {
  readonly id: string
  readonly ttlS: number
}

/** gRPC reckons deadlines with the clock of the machine, whatever ours says. */
const machine = new SystemClock()

/** Pause before the second attempt of a call; it doubles with each further one. */
const firstPauseMs = 50

/**
 * The way to etcd. Every call has a deadline.
 *
 * A call that failed in passing is tried again, on any of the members, until its time is over. That is safe only because
 * each transaction of this package is written so that a second application finds the first: it compares what it is about
 * to change, and where the comparison fails it reads who was there before. Keep it so.
 */
export class EtcdLink {
  readonly clock: Clock
  readonly log: Logger
  readonly #settings: LinkSettings
  readonly #client: Etcd3

  constructor(settings: LinkSettings) {
    this.clock = settings.clock
    this.log = settings.log
    this.#settings = settings
    this.#client = createEtcdClient(settings, () => this.#deadline())
  }

  /** Reads the newest state, as agreed by a majority. */
  range(doing: string, request: IRangeRequest): Promise<IRangeResponse> {
    return this.#call(doing, (options) => this.#client.kv.range(request, options))
  }

  /** A transaction whose second application finds the first; see above. */
  transact(doing: string, request: ITxnRequest): Promise<ITxnResponse> {
    return this.#call(doing, (options) => this.#client.kv.txn(request, options))
  }

  /** A grant whose answer was lost leaves a lease behind that ends by itself. */
  async grant(ttlS: number): Promise<GrantedLease> {
    const granted = await this.#call('asking for a lease', (options) =>
      this.#client.leaseClient.leaseGrant({ TTL: ttlS }, options),
    )
    return { id: granted.ID, ttlS: Number(granted.TTL) }
  }

  /** Seconds that a lease has left, and what it was granted for; nothing left when etcd does not know it. */
  async timeToLive(lease: string): Promise<{ readonly leftS: number; readonly grantedS: number }> {
    const answer = await this.#call('asking for the rest of a lease', (options) =>
      this.#client.leaseClient.leaseTimeToLive({ ID: lease, keys: false }, options),
    )
    return { leftS: Number(answer.TTL), grantedS: Number(answer.grantedTTL) }
  }

  /** One attempt to renew a lease. Resolves with the seconds it has from then on: 0 when it is gone. */
  async renew(lease: string, withinMs: number): Promise<number> {
    const stream = await this.#client.leaseClient.leaseKeepAlive({ deadline: this.#deadline(withinMs) })
    return renewLease(stream, lease)
  }

  /** One attempt to end a lease with all its keys. */
  async revoke(lease: string, withinMs: number): Promise<void> {
    await this.#client.leaseClient.leaseRevoke({ ID: lease }, { deadline: this.#deadline(withinMs) })
  }

  /** Opens a stream for watching, which has no deadline. */
  watch(options: CallOptions): Promise<RawWatch> {
    return this.#client.watchClient.watch(options)
  }

  close(): void {
    this.#client.close()
  }

  #deadline(withinMs = this.#settings.callTimeoutMs): number {
    return machine.now() + withinMs
  }

  async #call<T>(doing: string, attempt: (options: CallOptions) => Promise<T>): Promise<T> {
    const endMs = machine.monotonic() + this.#settings.callTimeoutMs
    // Half the time each, so that a member that is silent leaves time for another one.
    const attemptMs = this.#settings.callTimeoutMs / 2
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      try {
        const leftMs = endMs - machine.monotonic()
        return await attempt({ deadline: this.#deadline(Math.min(attemptMs, leftMs)) })
      } catch (cause) {
        if (!isPassing(cause) || machine.monotonic() + pauseMs >= endMs) throw toDiscoveryError(cause, doing)
      }
      await sleep(this.clock, pauseMs)
    }
  }
}
