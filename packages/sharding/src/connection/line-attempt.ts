import type { InstanceId, RunnerAddress } from '@cruster/core'
import type { Clock, Connection, Logger, Timer, Transport } from '@cruster/core/ports'
import { lineNotOpened } from './line-error.ts'
import { PeerLine } from './peer-line.ts'

/** How an attempt goes: `opened` and later `ended`, or `failed`. Each at most once, none after a cancel. */
export interface AttemptListener {
  /** The line takes calls. */
  opened(line: PeerLine): void
  failed(reason: Error): void
  /** The line that was opened is over. */
  ended(reason: Error): void
}

export interface LineAttemptOptions {
  readonly transport: Transport
  readonly address: RunnerAddress
  readonly instanceId: InstanceId
  readonly clock: Clock
  readonly log: Logger
  readonly connectTimeoutMs: number
  readonly listener: AttemptListener
}

/** One try to get a line to a peer: connecting and the exchange of hellos, together within the connect timeout. */
export class LineAttempt {
  readonly #options: LineAttemptOptions
  readonly #abort = new AbortController()
  readonly #timer: Timer
  #line: PeerLine | undefined
  #state: 'trying' | 'opened' | 'over' = 'trying'

  constructor(options: LineAttemptOptions) {
    this.#options = options
    const { address, clock, connectTimeoutMs } = options
    this.#timer = clock.setTimer(connectTimeoutMs, () => {
      this.#fail(lineNotOpened(address, `it did not answer within ${connectTimeoutMs} ms`))
    })
    void this.#connect()
  }

  /** Gives the attempt up; the listener hears nothing more. A connection that still comes about is closed. */
  cancel(reason: Error): void {
    if (this.#state !== 'trying') return
    this.#state = 'over'
    this.#timer.cancel()
    this.#abort.abort(reason)
    this.#line?.close(reason)
  }

  async #connect(): Promise<void> {
    const { transport, address } = this.#options
    try {
      this.#greet(await transport.connect(address, this.#abort.signal))
    } catch (error) {
      this.#fail(error instanceof Error ? error : lineNotOpened(address, 'connecting failed'))
    }
  }

  #greet(connection: Connection): void {
    // The transport was told, but may have been done already.
    if (this.#state !== 'trying') return connection.close()
    const { address, instanceId, clock, log } = this.#options
    const line = new PeerLine({
      connection,
      address,
      instanceId,
      clock,
      log,
      listener: { opened: () => this.#open(line), ended: (reason) => this.#end(reason) },
    })
    this.#line = line
  }

  #open(line: PeerLine): void {
    this.#state = 'opened'
    this.#timer.cancel()
    this.#options.listener.opened(line)
  }

  #end(reason: Error): void {
    if (this.#state === 'opened') this.#options.listener.ended(reason)
    else this.#fail(reason)
  }

  #fail(reason: Error): void {
    if (this.#state !== 'trying') return
    this.cancel(reason)
    this.#options.listener.failed(reason)
  }
}
