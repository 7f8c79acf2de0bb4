import type { InstanceId, RunnerAddress } from '@cruster/core'
import type { Clock, Logger, Random, Timer, Transport } from '@cruster/core/ports'
import { backOffMs } from './back-off.ts'
import { CallQueue } from './call-queue.ts'
import type { Endpoint, OpenCall, ReplySink, Request } from './endpoint.ts'
import { LineAttempt } from './line-attempt.ts'
import { lineBroken, lineNotOpened } from './line-error.ts'
import type { PeerLine } from './peer-line.ts'
import type { PeerEvent, PeerPhase } from './peer-phase.ts'
import { nextPhase } from './peer-phase.ts'
import { RefusedCall } from './refused-call.ts'

/** What all peers of a process have in common. */
export interface PeerSettings {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Who is calling. */
  readonly instanceId: InstanceId
  readonly connectTimeoutMs: number
  readonly idleMs: number
  readonly maxQueued: number
}

/**
 * Another runner as an endpoint: connects when it is asked, and again when the line broke and it is asked again. Calls
 * wait while it connects. After a failure it rests, refusing every call at once, so that nobody waits for a dead peer.
 * Its life is the table in {@link PeerPhase}; this class does what each phase asks for.
 */
export class Peer implements Endpoint {
  readonly #address: RunnerAddress
  readonly #settings: PeerSettings
  readonly #queue: CallQueue
  #phase: PeerPhase = 'idle'
  #attempt: LineAttempt | undefined
  #line: PeerLine | undefined
  /** Of the phase: the end of the rest, or the next look whether the line is used. */
  #timer: Timer | undefined
  #failures = 0
  #reason: Error

  constructor(address: RunnerAddress, settings: PeerSettings) {
    this.#address = address
    this.#settings = settings
    this.#queue = new CallQueue(settings.clock)
    this.#reason = lineNotOpened(address, 'nothing was tried yet')
  }

  get phase(): PeerPhase {
    return this.#phase
  }

  open(request: Request, sink: ReplySink): OpenCall {
    if (this.#line !== undefined) return this.#line.open(request, sink)
    this.#handle('asked')
    if (this.#phase !== 'connecting') return this.#refuse(sink, this.#reason)
    if (this.#queue.size < this.#settings.maxQueued) return this.#queue.add(request, sink)
    return this.#refuse(sink, lineNotOpened(this.#address, `${this.#queue.size} calls wait for a line to it already`))
  }

  /** Ends the line and refuses calls from now on. Resolves when the connection is over. */
  async close(why: string): Promise<void> {
    const line = this.#line
    this.#handle('closed', lineNotOpened(this.#address, why))
    line?.close(lineBroken(this.#address, why))
    await line?.finished
  }

  /**
   * Nobody is to be called here any more. A runner that leaves has answered everything: what is on its way may arrive,
   * until it closes the line or the grace is over.
   */
  async retire(why: string, graceMs: number): Promise<void> {
    const line = this.#line
    if (line?.hasOpenCalls !== true) return this.close(why)
    const farewell = this.#settings.clock.setTimer(graceMs, () => void this.close(why))
    await line.finished
    farewell.cancel()
    await this.close(why)
  }

  #refuse(sink: ReplySink, reason: Error): OpenCall {
    return new RefusedCall(this.#settings.clock, sink, reason)
  }

  #handle(event: PeerEvent, reason: Error = this.#reason): void {
    const phase = nextPhase(this.#phase, event)
    if (phase === this.#phase) return
    this.#phase = phase
    this.#reason = reason
    this.#timer?.cancel()
    this.#enter(phase)
  }

  #enter(phase: PeerPhase): void {
    switch (phase) {
      case 'idle':
        this.#line = undefined
        return
      case 'connecting':
        this.#attempt = this.#startAttempt()
        return
      case 'open':
        return this.#begin()
      case 'backingOff':
        return this.#rest()
      case 'closed':
        return this.#stop()
    }
  }

  #startAttempt(): LineAttempt {
    return new LineAttempt({
      ...this.#settings,
      address: this.#address,
      listener: {
        opened: (line) => {
          this.#line = line
          this.#handle('opened')
        },
        failed: (reason) => this.#handle('failed', reason),
        ended: (reason) => this.#handle('ended', reason),
      },
    })
  }

  #begin(): void {
    this.#failures = 0
    if (this.#line === undefined) return
    this.#queue.release(this.#line)
    this.#watch(this.#line)
  }

  /** Closes the line when it was not used for a while. One timer per line: it costs a call nothing. */
  #watch(line: PeerLine): void {
    const seen = line.callCount
    this.#timer = this.#settings.clock.setTimer(this.#settings.idleMs, () => {
      if (line.hasOpenCalls || line.callCount > seen) this.#watch(line)
      else line.close(lineNotOpened(this.#address, 'the line to it was not used'))
    })
  }

  #rest(): void {
    const { clock, random, log } = this.#settings
    this.#failures += 1
    const pauseMs = backOffMs(this.#failures, random)
    // Once at each loss: what follows says the same again.
    const level = this.#failures === 1 ? 'warn' : 'debug'
    log.log(level, 'A peer could not be reached.', { peer: this.#address, error: this.#reason, pauseMs })
    this.#timer = clock.setTimer(pauseMs, () => this.#handle('rested'))
    this.#queue.refuse(this.#reason)
  }

  #stop(): void {
    this.#line = undefined
    this.#attempt?.cancel(this.#reason)
    this.#queue.refuse(this.#reason)
  }
}
