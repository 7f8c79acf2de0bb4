import type { DiscoveryEvent } from '@cruster/core/ports'
import { castGrpcErrorMessage } from 'etcd3'
import type { IResponseHeader, IWatchResponse } from 'etcd3'
import { toDiscoveryError } from '../link/discovery-failure.ts'
import { sleep } from '../link/sleep.ts'
import { untilAborted } from '../link/until-aborted.ts'
import type { Registry } from '../membership/registration.ts'
import { ClusterMirror } from './cluster-mirror.ts'
import { WatchStream } from './watch-stream.ts'

/** After a longer interruption the feed starts again: a snapshot says the same as a long list of changes. */
const resumeWithinMs = 10_000

const firstPauseMs = 100
const longestPauseMs = 2_000

/** How far the feed has come, and in which etcd. */
interface Position {
  readonly clusterId: string
  readonly revision: number
}

/**
 * The changes of one cluster for one reader: a snapshot, then every change in order, in batches of what has come.
 *
 * After an interruption it goes on where it was. It starts again with a snapshot where that took long, or where etcd does
 * not know what happened meanwhile: it was compacted, or has lost its data. It does not give up while etcd is away.
 */
export class ClusterFeed {
  readonly #registry: Registry
  readonly #signal: AbortSignal
  readonly #mirror: ClusterMirror
  #position: Position | undefined
  #heardAt = 0

  constructor(registry: Registry, signal: AbortSignal) {
    this.#registry = registry
    this.#signal = signal
    this.#mirror = new ClusterMirror(registry.keys)
  }

  /** Ends when the signal aborts. Rejects with DiscoveryError when etcd refuses, as it does for wrong credentials. */
  async *batches(): AsyncGenerator<readonly DiscoveryEvent[], void, undefined> {
    const { clock } = this.#registry.link
    for (let pauseMs = firstPauseMs; !this.#signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        for await (const batch of this.#untilBroken()) {
          pauseMs = firstPauseMs
          yield batch
        }
      } catch (cause) {
        this.#report(cause)
      }
      await sleep(clock, pauseMs, this.#signal)
    }
  }

  async *#untilBroken(): AsyncGenerator<readonly DiscoveryEvent[], void, undefined> {
    const { link, keys } = this.#registry
    const isLate = link.clock.monotonic() - this.#heardAt > resumeWithinMs
    if (this.#position === undefined || isLate) yield [await this.#snapshot()]
    const startRevision = (this.#position?.revision ?? 0) + 1
    const request = { range: keys.all, startRevision, signal: this.#signal }
    using stream = await untilAborted(WatchStream.open(link, request), this.#signal)
    try {
      for (;;) {
        const events = this.#follow(await stream.next())
        if (events === 'lost the thread') return
        if (events.length > 0) yield events
      }
    } finally {
      this.#heardAt = stream.heardAt ?? this.#heardAt
    }
  }

  async #snapshot(): Promise<DiscoveryEvent> {
    const { link, keys } = this.#registry
    const { header, kvs } = await untilAborted(link.range('reading the cluster', { ...keys.all }), this.#signal)
    this.#position = { clusterId: header.cluster_id, revision: Number(header.revision) }
    this.#heardAt = link.clock.monotonic()
    return this.#mirror.reset(kvs)
  }

  #follow(responses: readonly IWatchResponse[]): readonly DiscoveryEvent[] | 'lost the thread' {
    if (responses.some((response) => this.#isGap(response))) {
      this.#position = undefined
      return 'lost the thread'
    }
    const cancelled = responses.find(({ canceled }) => canceled)
    if (cancelled !== undefined) throw castGrpcErrorMessage(cancelled.cancel_reason)
    const changes = responses.flatMap(({ events }) => events)
    // Not the revision of the response: that of etcd, which changes that are still to come may lie before.
    const revision = changes.at(-1)?.kv.mod_revision
    if (revision !== undefined && this.#position !== undefined) {
      this.#position = { ...this.#position, revision: Number(revision) }
    }
    return this.#mirror.apply(changes)
  }

  /** Compacted, or another etcd than the one the position belongs to. */
  #isGap({ header, compact_revision: compacted, created }: IWatchResponse): boolean {
    return Number(compacted) > 0 || this.#isElsewhere(header) || (created && this.#isBehind(header))
  }

  #isElsewhere({ cluster_id: id }: IResponseHeader): boolean {
    return id !== this.#position?.clusterId
  }

  #isBehind({ revision }: IResponseHeader): boolean {
    return Number(revision) < (this.#position?.revision ?? 0)
  }

  #report(cause: unknown): void {
    if (this.#signal.aborted) return
    const error = toDiscoveryError(cause, 'watching the cluster')
    if (error.outcome === 'not-started') throw error
    this.#registry.link.log.log('warn', 'The watch of etcd broke; it is opened again.', { error })
  }
}
