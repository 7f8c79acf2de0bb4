import type { RunnerAddress } from '../address/identifiers.ts'
import type { Frame } from './frame.ts'

/** One two-way line of frames between two runners. */
export interface Connection {
  /** For logs. */
  readonly peer: string
  /** Queues frames for the other side. Never blocks; on a closed connection it does nothing. */
  send(frames: readonly Frame[]): void
  /** What the other side sent, in batches. Ends when the connection closes, for whatever reason. One reader only. */
  readonly frames: AsyncIterable<readonly Frame[]>
  /** Resolves once, when the connection is over; with the reason when it was not closed on purpose. */
  readonly closed: Promise<Error | undefined>
  close(): void
}

/** An address that takes connections. Disposing it closes those too. */
export interface Listener extends AsyncDisposable {
  readonly address: RunnerAddress
}

/**
 * Carries frames. It knows nothing of calls, deadlines or retries: those live above, once, for every transport.
 *
 * Laws, each checked by `transportLaws` in `@cruster/testing`:
 *
 * - TR1 Frames arrive in the order sent, without gaps or repetitions, until the connection closes.
 * - TR2 When either side closes, or the line breaks, `frames` ends and `closed` resolves on both sides.
 * - TR3 A broken line stays broken: nothing that was sent on it arrives later on another.
 * - TR4 Many frames of every kind arrive equal to what was sent, bytes included.
 * - TR5 Connecting to nobody rejects with `RunnerUnavailable` before the signal or the connect timeout ends.
 * - TR6 A disposed listener takes no connection and leaves none open.
 * - TR7 A line on which the other side has died without a word is noticed and closed.
 */
export interface Transport extends AsyncDisposable {
  readonly name: string
  /** Serves connections at an address. Port 0 asks for a free one, reported by the listener. */
  listen(address: RunnerAddress, accept: (connection: Connection) => void): Promise<Listener>
  connect(address: RunnerAddress, signal: AbortSignal): Promise<Connection>
}
