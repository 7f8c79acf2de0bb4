import type { RunnerAddress } from '@cruster/core'
import type { ChannelCredentials } from '@grpc/grpc-js'
import { createChannel, createClient } from 'nice-grpc'
import type { Channel } from 'nice-grpc'
import { parseAddress } from '../address/host-port.ts'
import { GrpcLine } from '../line/grpc-line.ts'
import { tokenMetadata } from '../security/shared-token.ts'
import type { TransportSettings } from '../transport-settings.ts'
import { runnerService } from '../wire/runner-service.ts'

/** One call of `Connect` on a channel of its own: what carries a line for the side that opened it. */
export class ClientCall {
  readonly line: GrpcLine
  /** Resolves when the other side has let us in. Never rejects: when it does not, the line breaks. */
  readonly admitted: Promise<void>
  /** Resolves when nothing of the call is left open. */
  readonly finished: Promise<void>
  readonly #settings: TransportSettings
  readonly #abort = new AbortController()
  #admit = (): void => {}

  constructor(address: RunnerAddress, settings: TransportSettings, credentials: ChannelCredentials) {
    this.line = new GrpcLine(address, settings)
    this.#settings = settings
    this.admitted = new Promise((resolve) => (this.#admit = resolve))
    this.finished = this.#run(address, credentials)
    void this.line.closed.then((reason) => (reason === undefined ? this.#giveTimeToClose() : this.#abort.abort()))
  }

  async #run(address: RunnerAddress, credentials: ChannelCredentials): Promise<void> {
    const { tokens, channelOptions } = this.#settings
    let channel: Channel | undefined
    try {
      const { host, port } = parseAddress(address)
      channel = createChannel(`${host}:${port}`, credentials, channelOptions)
      const messages = createClient(runnerService, channel).connect(this.line.outgoing, {
        metadata: tokenMetadata(tokens),
        signal: this.#abort.signal,
        onHeader: () => this.#admit(),
      })
      for await (const message of messages) this.line.receive(message)
      this.line.breakDown('it ended the line without a goodbye')
    } catch (cause) {
      this.line.breakDown(cause)
    } finally {
      channel?.close()
    }
  }

  /** What was sent before a close leaves first; who does not take it is not waited for. */
  #giveTimeToClose(): void {
    const timer = this.#settings.clock.setTimer(this.#settings.closeTimeoutMs, () => this.#abort.abort())
    void this.finished.then(() => timer.cancel())
  }
}
