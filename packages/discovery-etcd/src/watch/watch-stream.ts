import { DiscoveryError } from '@cruster/core'
import type { Clock, Timer } from '@cruster/core/ports'
import type { IWatchResponse } from 'etcd3'
import { askForLeader } from '../link/ask-for-leader.ts'
import type { EtcdLink, RawWatch } from '../link/etcd-link.ts'
import type { KeyRange } from '../registry/key-space.ts'

/** How often etcd is asked whether it is still there, and how long it may be silent. */
const heartbeatMs = 1_500
const silenceMs = 4_000

/** What to watch, from which revision on, and until when. */
export interface WatchRequest {
  readonly range: KeyRange
  readonly startRevision: number
  readonly signal: AbortSignal
}

/** One stream of changes from one member of etcd. When it breaks it stays broken. */
export class WatchStream implements Disposable {
  readonly #stream: RawWatch
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #openedAt: number
  #heartbeat: Timer | undefined
  #heardAt: number | undefined
  #arrived: IWatchResponse[] = []
  #broken: { readonly cause: unknown } | undefined
  #wake = (): void => {}

  private constructor(stream: RawWatch, clock: Clock, signal: AbortSignal) {
    this.#stream = stream
    this.#clock = clock
    this.#signal = signal
    this.#openedAt = clock.monotonic()
    stream.on('data', (response) => this.#take(response))
    stream.on('error', (cause) => this.#break(cause))
    stream.on('end', () => this.#break(broken('etcd ended a watch.')))
    signal.addEventListener('abort', this.#close, { once: true })
    if (signal.aborted) this.#close()
    else this.#beat()
  }

  static async open(link: EtcdLink, { range, startRevision, signal }: WatchRequest): Promise<WatchStream> {
    const raw = await link.watch({ interceptors: [askForLeader] })
    const stream = new WatchStream(raw, link.clock, signal)
    raw.write({ create_request: { ...range, start_revision: startRevision } })
    return stream
  }

  /** When etcd was last heard, on the monotonic clock. */
  get heardAt(): number | undefined {
    return this.#heardAt
  }

  /** All that has come since the last call, or the next that comes. Rejects when the stream is broken. */
  async next(): Promise<readonly IWatchResponse[]> {
    while (this.#arrived.length === 0 && this.#broken === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const arrived = this.#arrived
    this.#arrived = []
    if (arrived.length === 0) throw this.#broken?.cause
    return arrived
  }

  [Symbol.dispose](): void {
    this.#close()
  }

  readonly #close = (): void => {
    this.#signal.removeEventListener('abort', this.#close)
    this.#break(broken('The watch is over.'))
    // `end` first: the client takes a stream that is cancelled while it can be written to for a failed member.
    this.#stream.end()
    this.#stream.cancel()
  }

  #take(response: IWatchResponse): void {
    this.#heardAt = this.#clock.monotonic()
    // The answer to a heartbeat. Its revision can be ahead of changes that are still to come: it says nothing more.
    if (response.watch_id === '-1' && !response.canceled) return
    this.#arrived.push(response)
    this.#wake()
  }

  #break(cause: unknown): void {
    this.#broken ??= { cause }
    this.#heartbeat?.cancel()
    this.#wake()
  }

  #beat(): void {
    const silentMs = this.#clock.monotonic() - (this.#heardAt ?? this.#openedAt)
    if (silentMs > silenceMs) {
      this.#break(broken(`etcd was silent on a watch for ${silenceMs} ms.`))
      // Not `end`: the client shall take this for a failed member.
      this.#stream.cancel()
      return
    }
    this.#heartbeat = this.#clock.setTimer(heartbeatMs, () => {
      this.#stream.write({ progress_request: {} })
      this.#beat()
    })
  }
}

const broken = (what: string): DiscoveryError =>
  new DiscoveryError(`${what} Nothing is lost: it is opened again where it was.`, { outcome: 'unknown' })
