import type { RunnerAddress } from '@cruster/core'
import type { Connection, Listener, Transport } from '@cruster/core/ports'
import type { Time } from '../../eventually.ts'

/** Two processes, a line between them that can be cut, and what the laws do to it. Disposing it closes everything. */
export interface TransportWorld extends Time, AsyncDisposable {
  /** Connects to what `listen` opens. */
  readonly client: Transport
  /** An address at which nobody listens. */
  readonly nobody: RunnerAddress
  /** Within this time a line whose other side is silent is given up. Keep it short where time is real. */
  readonly keepAliveMs: number
  /** Within this time `connect` gives up. */
  readonly connectTimeoutMs: number
  /** Lets the other process listen. The address of the listener is where the client reaches it. */
  listen(accept: (connection: Connection) => void): Promise<Listener>
  /** Breaks all lines, so that both sides can notice at once; new ones can be opened. */
  breakLines(): Promise<void>
  /** From now on nothing passes between the two, in either direction, on new lines either, and nobody is told. */
  silenceLines(): Promise<void>
}
