import type { EntityAddress } from '@cruster/core'
import type { Clock, StoredMessage, Timer } from '@cruster/core/ports'
import type { OwnerHint, ReplySink, Request } from '../connection/endpoint.ts'
import type { Delivery } from './failure.ts'
import type { Lane, Queued } from './mailbox.ts'
import type { RegisteredMethod } from './registered-entity.ts'

/** How a job ended for good. */
export type JobOutcome =
  /** The outcome of the request, recorded where that is promised. */
  | { readonly kind: 'exit'; readonly exit: Uint8Array }
  /** The owner of the shard has to be asked. Unless it may have started, nothing took effect here. */
  | { readonly kind: 'notMine'; readonly owner?: OwnerHint | undefined; readonly mayHaveStarted?: boolean }
  /** The delivery failed; the stored message is still pending. `isOutage`: it was storage that failed, not the message. */
  | { readonly kind: 'redeliver'; readonly error: unknown; readonly isOutage?: boolean }
  /** The stored message was completed or cancelled by somebody else. */
  | { readonly kind: 'gone'; readonly exit: Uint8Array }

/** `waiting` → `running` → `committing` → `ended`; back to `waiting` when a commit that it built on was refused. */
export type JobPhase = 'waiting' | 'running' | 'committing' | 'ended'

/** One request at the owner of its entity, and everybody who waits for it. */
export class Job implements Queued {
  readonly request: Request
  readonly method: RegisteredMethod
  readonly stored: StoredMessage | undefined
  readonly lane: Lane
  /** Its outcome is recorded under the request's id. */
  readonly isRecorded: boolean
  phase: JobPhase = 'waiting'
  isRunning = false
  /** The request may have an outcome already: look before anything runs. */
  lookup: boolean
  /** A former delivery of it by this owner has failed. */
  isRepeated = false
  readonly #onEnd: (job: Job, outcome: JobOutcome) => void
  /** Mostly one: a list is cheaper than a set then. */
  #sinks: ReplySink[] = []
  #controller: AbortController | undefined
  #aborted: Error | undefined
  #onAbort: (() => void) | undefined
  #abandon: ((reason: Error) => void) | undefined
  #grace: Timer | undefined

  constructor(
    work: { readonly request: Request; readonly method: RegisteredMethod; readonly stored?: StoredMessage },
    onEnd: (job: Job, outcome: JobOutcome) => void,
  ) {
    this.request = work.request
    this.method = work.method
    this.stored = work.stored
    this.lane = work.method.method.kind === 'activity' ? 'activity' : 'rpc'
    this.isRecorded = work.stored !== undefined || this.lane === 'activity'
    this.lookup = this.isRecorded && (work.request.attempt > 1 || work.request.digest !== undefined)
    this.#onEnd = onEnd
  }

  get address(): EntityAddress {
    return this.request.address
  }

  get delivery(): Delivery {
    const oneWay = this.request.oneWay && this.#sinks.length === 0
    return { stored: this.stored !== undefined, oneWay, recorded: this.isRecorded }
  }

  /** Aborts when nobody wants the result any more. Made when it is first looked at. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted)
    return this.#controller.signal
  }

  /** Whether {@link signal} has aborted, for whoever needs no signal: each one more is dear. */
  get isAborted(): boolean {
    return this.#aborted !== undefined
  }

  /** As listening to {@link signal}, for one who needs no signal. */
  onAbort(listener: () => void): void {
    this.#onAbort = listener
  }

  /** Rejects when the job is abandoned: its handler may go on, but nobody looks at it any more. */
  abandoned(): Promise<never> {
    return new Promise((_, reject) => {
      this.onAbandon(reject)
    })
  }

  /** As {@link abandoned}, for whoever has a promise already. */
  onAbandon(listener: (reason: Error) => void): void {
    this.#abandon = listener
  }

  attach(sink: ReplySink): void {
    this.#sinks.push(sink)
  }

  /** True when nobody is left who waits. */
  detach(sink: ReplySink): boolean {
    this.#sinks = this.#sinks.filter((one) => one !== sink)
    return this.#sinks.length === 0
  }

  abort(reason: Error): void {
    if (this.#aborted !== undefined) return
    this.#aborted = reason
    this.#controller?.abort(reason)
    this.#onAbort?.()
  }

  abandon(reason: Error): void {
    this.#grace?.cancel()
    this.abort(reason)
    this.#abandon?.(reason)
  }

  /** Aborts the job, and abandons it when its handler has not stopped by itself within the grace. */
  stop(reason: Error, clock: Clock, graceMs: number): void {
    this.abort(reason)
    if (this.phase === 'ended') return
    this.#grace?.cancel()
    this.#grace = clock.setTimer(graceMs, () => {
      this.abandon(reason)
    })
  }

  /** Ends the job and tells everybody who waits. Does nothing the second time. */
  end(outcome: JobOutcome): void {
    if (this.phase === 'ended') return
    this.phase = 'ended'
    this.#abandon = undefined
    this.#grace?.cancel()
    if (outcome.kind !== 'redeliver') this.#tell(outcome)
    this.#onEnd(this, outcome)
  }

  /** Hands everybody who waits over to the job of the next delivery. */
  moveSinksTo(next: Job): void {
    for (const sink of this.#sinks.splice(0)) next.attach(sink)
  }

  /** Sends everybody who still waits to the next owner. */
  turnAway(): void {
    this.#tell({ kind: 'notMine' })
  }

  #tell(outcome: Exclude<JobOutcome, { kind: 'redeliver' }>): void {
    const sinks = this.#sinks
    this.#sinks = []
    for (const sink of sinks) {
      if (outcome.kind === 'notMine') sink.notMine(this.address, outcome.owner, this.#mayHaveStarted(outcome))
      else sink.reply(outcome.exit)
    }
  }

  /** What is stored runs without being asked for again. */
  #mayHaveStarted({ mayHaveStarted }: JobOutcome & { readonly kind: 'notMine' }): boolean {
    return this.stored !== undefined || mayHaveStarted === true
  }
}
