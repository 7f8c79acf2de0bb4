import type { RunnerAddress } from '@cruster/core'
import type { Endpoint } from './endpoint.ts'
import type { PeerSettings } from './peer.ts'
import { Peer } from './peer.ts'

type Tunable = 'connectTimeoutMs' | 'idleMs' | 'maxQueued'

export interface PeerPoolOptions extends Omit<PeerSettings, Tunable> {
  /** How long a connect and the exchange of hellos may take. Default 5 s. Longer makes callers of a dead peer wait. */
  readonly connectTimeoutMs?: number
  /** A line without an open call that was not used for this long, at most twice as long, is closed. Default 60 s. */
  readonly idleMs?: number
  /** How many calls may wait for one line. Default 10 000; the next ones are refused at once. */
  readonly maxQueued?: number
}

const defaults: Pick<PeerSettings, Tunable> = { connectTimeoutMs: 5_000, idleMs: 60_000, maxQueued: 10_000 }

/** How long answers of a runner that has left may be on their way. */
const farewellMs = 2_000

const shuttingDown = 'this process is shutting down'

/** One line to each runner that is called, made when it is needed and shared by all calls. */
export class PeerPool implements AsyncDisposable {
  readonly #settings: PeerSettings
  readonly #peers = new Map<RunnerAddress, Peer>()
  readonly #retiring = new Set<Peer>()
  #isDisposed = false

  constructor(options: PeerPoolOptions) {
    this.#settings = { ...defaults, ...options }
  }

  /** The runner at an address. Ask again for each call rather than keep it: one that was forgotten refuses for ever. */
  endpoint(address: RunnerAddress): Endpoint {
    const known = this.#peers.get(address)
    if (known !== undefined) return known
    const peer = new Peer(address, this.#settings)
    if (this.#isDisposed) void peer.close(shuttingDown)
    else this.#peers.set(address, peer)
    return peer
  }

  /** The runner at an address has left: its line is closed, once its last answers have arrived or did not in time. */
  forget(address: RunnerAddress): void {
    const peer = this.#peers.get(address)
    if (peer === undefined) return
    this.#peers.delete(address)
    this.#retiring.add(peer)
    void peer.retire('it has left the cluster', farewellMs).finally(() => this.#retiring.delete(peer))
  }

  /** Breaks every open call and closes every line. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const peers = [...this.#peers.values(), ...this.#retiring]
    this.#peers.clear()
    await Promise.all(peers.map(async (peer) => peer.close(shuttingDown)))
  }
}
