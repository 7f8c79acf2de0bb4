import type { RunnerAddress } from '@cruster/core'
import type { Connection, Listener, Transport } from '@cruster/core/ports'
import type { ServedLineOptions } from './served-line.ts'
import { ServedLine } from './served-line.ts'

export interface PeerServerOptions extends ServedLineOptions {
  readonly transport: Transport
  /** Where to listen. Port 0 asks for a free one. */
  readonly address: RunnerAddress
}

/** Serves every peer that connects to an address. Disposing it lets go of all of them. */
export class PeerServer implements AsyncDisposable {
  readonly #lines: ServedLines
  readonly #listener: Listener

  private constructor(lines: ServedLines, listener: Listener) {
    this.#lines = lines
    this.#listener = listener
  }

  /** Listens. Rejects as the transport does when the address cannot be had. */
  static async start(options: PeerServerOptions): Promise<PeerServer> {
    const lines = new ServedLines(options)
    const accept = (connection: Connection): void => lines.accept(connection)
    return new PeerServer(lines, await options.transport.listen(options.address, accept))
  }

  /** The address with the real port. */
  get address(): RunnerAddress {
    return this.#listener.address
  }

  /** Refuses peers that connect from now on; those that are connected are served on. */
  stopAccepting(): void {
    this.#lines.stopAccepting()
  }

  /** Takes nobody new, sends what waits to be sent, disconnects the open calls, and leaves the address. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#lines.stopAccepting()
    await this.#lines.close()
    await this.#listener[Symbol.asyncDispose]()
  }
}

class ServedLines {
  readonly #options: ServedLineOptions
  readonly #lines = new Set<ServedLine>()
  #isAccepting = true

  constructor(options: ServedLineOptions) {
    this.#options = options
  }

  accept(connection: Connection): void {
    if (!this.#isAccepting) return connection.close()
    const line = new ServedLine(connection, this.#options)
    this.#lines.add(line)
    void line.finished.then(() => this.#lines.delete(line))
  }

  stopAccepting(): void {
    this.#isAccepting = false
  }

  async close(): Promise<void> {
    const lines = [...this.#lines]
    for (const line of lines) line.close()
    await Promise.all(lines.map(async (line) => line.finished))
  }
}
