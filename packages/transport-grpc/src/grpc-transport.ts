import { RunnerUnavailable } from '@cruster/core'
import type { RunnerAddress } from '@cruster/core'
import type { Connection, Listener, Transport } from '@cruster/core/ports'
import type { ChannelCredentials } from '@grpc/grpc-js'
import { ClientCall } from './client/client-call.ts'
import { untilAdmitted } from './client/until-admitted.ts'
import type { GrpcTransportOptions } from './grpc-transport-options.ts'
import { channelCredentials } from './security/credentials.ts'
import type { Accept } from './server/grpc-listener.ts'
import { GrpcListener } from './server/grpc-listener.ts'
import type { GrpcHealth } from './server/grpc-health.ts'
import type { TransportSettings } from './transport-settings.ts'
import { transportSettings } from './transport-settings.ts'

/**
 * Carries frames over gRPC: each connection is one bidirectional stream on a TCP connection of its own, and what is sent
 * together travels as one message.
 */
export class GrpcTransport implements Transport {
  readonly name = 'grpc'
  readonly #settings: TransportSettings
  readonly #credentials: ChannelCredentials
  readonly #listeners = new Set<GrpcListener>()
  readonly #calls = new Set<ClientCall>()
  #isDisposed = false

  /** @throws ConfigError when an option cannot work. */
  constructor(options: GrpcTransportOptions = {}) {
    this.#settings = transportSettings(options)
    this.#credentials = channelCredentials(options.tls)
  }

  /** What health checks at the listeners of this transport are told. */
  get health(): GrpcHealth {
    return this.#settings.health
  }

  /** @throws ConfigError when the address cannot be had, or others could reach it and nothing guards it. */
  async listen(address: RunnerAddress, accept: Accept): Promise<Listener> {
    this.#checkOpen(address)
    const listener = await GrpcListener.start(address, accept, this.#settings)
    this.#listeners.add(listener)
    if (this.#isDisposed) await listener[Symbol.asyncDispose]()
    this.#checkOpen(address)
    return listener
  }

  async connect(address: RunnerAddress, signal: AbortSignal): Promise<Connection> {
    this.#checkOpen(address)
    const { clock, connectTimeoutMs: timeoutMs } = this.#settings
    const call = new ClientCall(address, this.#settings, this.#credentials)
    this.#calls.add(call)
    void call.finished.then(() => this.#calls.delete(call))
    await untilAdmitted(call, { address, signal, clock, timeoutMs })
    return call.line
  }

  /** Closes all connections and listeners. Resolves when nothing of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const calls = [...this.#calls]
    for (const { line } of calls) line.close()
    await Promise.all([
      ...calls.map(({ finished }) => finished),
      ...[...this.#listeners].map((listener) => listener[Symbol.asyncDispose]()),
    ])
  }

  #checkOpen(address: RunnerAddress): void {
    if (!this.#isDisposed) return
    throw new RunnerUnavailable(address, { outcome: 'not-started', cause: 'the transport of this process is closed' })
  }
}

/**
 * Says how to open a transport, in the form that `Runner.start` takes: the runner opens it and closes it.
 *
 * @throws ConfigError when an option cannot work.
 */
export function grpcTransport(options: GrpcTransportOptions = {}): () => Promise<GrpcTransport> {
  // Looks at the options now, where the mistake is.
  transportSettings(options)
  return async () => new GrpcTransport(options)
}
