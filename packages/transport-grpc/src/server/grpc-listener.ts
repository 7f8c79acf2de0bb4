import type { RunnerAddress } from '@cruster/core'
import { runnerAddress } from '@cruster/core'
import type { Connection, Listener } from '@cruster/core/ports'
import type { CallContext, Server, ServiceImplementation } from 'nice-grpc'
import { ServerError, Status, createServer } from 'nice-grpc'
import { HealthDefinition } from 'nice-grpc-server-health'
import { parseAddress } from '../address/host-port.ts'
import { GrpcLine } from '../line/grpc-line.ts'
import { assertGuarded } from '../security/assert-guarded.ts'
import { serverCredentials } from '../security/credentials.ts'
import { isAdmitted } from '../security/shared-token.ts'
import type { TransportSettings } from '../transport-settings.ts'
import { runnerService } from '../wire/runner-service.ts'
import { healthService } from './grpc-health.ts'
import { toBindError } from './bind-error.ts'

/** Takes the connections that come in. */
export type Accept = (connection: Connection) => void

/** A gRPC server at an address, with the lines that were opened to it. */
export class GrpcListener implements Listener {
  readonly #settings: TransportSettings
  readonly #accept: Accept
  readonly #server: Server
  /** Lines with their streams: a stream ends after its line, when the other side has taken the last of it. */
  readonly #streams = new Map<GrpcLine, Promise<void>>()
  #address: RunnerAddress
  #isDisposed = false

  private constructor(address: RunnerAddress, accept: Accept, settings: TransportSettings) {
    this.#address = address
    this.#accept = accept
    this.#settings = settings
    this.#server = createServer(settings.channelOptions)
    this.#server.add(runnerService, this.#service())
    this.#server.add(HealthDefinition, healthService(settings.health))
  }

  /** @throws ConfigError when the address cannot be had, or should not be without a guard. */
  static async start(address: RunnerAddress, accept: Accept, settings: TransportSettings): Promise<GrpcListener> {
    const { host, port } = parseAddress(address)
    const bindHost = settings.bindHost ?? host
    assertGuarded(bindHost, settings)
    const listener = new GrpcListener(address, accept, settings)
    const credentials = serverCredentials(settings.tls)
    try {
      const taken = await listener.#server.listen(`${bindHost}:${port}`, credentials)
      listener.#address = runnerAddress(`${host}:${taken}`)
      return listener
    } catch (cause) {
      throw toBindError(cause, `${bindHost}:${port}`)
    }
  }

  get address(): RunnerAddress {
    return this.#address
  }

  /** Takes no more connections, and closes those that are open once they have sent what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const line of this.#streams.keys()) line.close()
    await this.#streamsEnd()
    // Not the graceful shutdown: after it, sockets wait for ever for a peer that has fallen silent.
    this.#server.forceShutdown()
  }

  /** Resolves when all streams have ended, or had the time for it. */
  #streamsEnd(): Promise<void> {
    const { clock, closeTimeoutMs } = this.#settings
    return new Promise((resolve) => {
      const timer = clock.setTimer(closeTimeoutMs, resolve)
      void Promise.all(this.#streams.values()).then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  #service(): ServiceImplementation<typeof runnerService> {
    const serve = (messages: AsyncIterable<Uint8Array>, context: CallContext): AsyncIterable<Uint8Array> =>
      this.#serve(messages, context)
    return { connect: serve }
  }

  async *#serve(
    messages: AsyncIterable<Uint8Array>,
    context: CallContext,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    this.#admit(context)
    const line = new GrpcLine(context.peer, this.#settings)
    const reading = readAll(messages, line, context.signal)
    this.#streams.set(line, reading)
    void reading.then(() => this.#streams.delete(line))
    try {
      this.#accept(line)
      yield* line.outgoing
    } catch (cause) {
      // Says why to the other side.
      throw new ServerError(Status.ABORTED, cause instanceof Error ? cause.message : 'The line was ended.')
    } finally {
      line.breakDown(connectionBroke)
    }
  }

  /** @throws ServerError when the caller is not to be let in. */
  #admit(context: CallContext): void {
    if (this.#isDisposed) throw new ServerError(Status.UNAVAILABLE, 'This runner does not listen any more.')
    if (!isAdmitted(context.metadata, this.#settings.tokens)) {
      this.#settings.log.log('warn', 'A caller with a missing or wrong token was refused.', { peer: context.peer })
      throw new ServerError(
        Status.UNAUTHENTICATED,
        'The token is missing or wrong. Give all processes the same `token`.',
      )
    }
    // Headers go out at once only if there is one; the other side waits for them.
    context.header.set('cruster-protocol', '1')
    context.sendHeader()
  }
}

const connectionBroke = 'the connection broke'

async function readAll(messages: AsyncIterable<Uint8Array>, line: GrpcLine, signal: AbortSignal): Promise<void> {
  try {
    for await (const message of messages) line.receive(message)
    line.breakDown(connectionBroke)
  } catch (cause) {
    line.breakDown(signal.aborted ? connectionBroke : cause)
  }
}
