import type { RunnerAddress } from '@cruster/core'
import { runnerAddress } from '@cruster/core'
import type { Connection, Listener, Transport } from '@cruster/core/ports'

/** A transport whose listener is reached at another address: that of a proxy, which hears where to lead. */
export class AdvertisedTransport implements Transport {
  readonly name: string
  readonly #inner: Transport
  readonly #onListening: (port: number) => Promise<void>

  constructor(inner: Transport, onListening: (port: number) => Promise<void>) {
    this.#inner = inner
    this.name = `${inner.name} behind a proxy`
    this.#onListening = onListening
  }

  async listen(address: RunnerAddress, accept: (connection: Connection) => void): Promise<Listener> {
    const inner = await this.#inner.listen(runnerAddress('127.0.0.1:0'), accept)
    await this.#onListening(Number(inner.address.split(':')[1]))
    return { address, [Symbol.asyncDispose]: async () => inner[Symbol.asyncDispose]() }
  }

  connect(address: RunnerAddress, signal: AbortSignal): Promise<Connection> {
    return this.#inner.connect(address, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]()
  }
}
