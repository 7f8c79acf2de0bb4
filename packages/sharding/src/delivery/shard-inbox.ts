import type { EntityKey, RequestId } from '@cruster/core'
import { DeadLettered, Fenced, MethodNotFound, encode, encodeExit, entityKey } from '@cruster/core'
import type { Operation, StoredMessage, UnitResult } from '@cruster/core/ports'
import { backoffMs } from '../entity/backoff.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import { cancelledExit, failureExit } from '../entity/recorded-outcome.ts'
import type { AnyRegistered } from '../entity/registered-entity.ts'
import type { Services } from '../runner/services.ts'
import { isVisible } from '../shard/admission.ts'
import { TurnoverMap } from '../turnover/turnover-map.ts'
import { countDeliveries } from './delivery-count.ts'
import { dueTime, oldestWaiting } from './due-age.ts'
import { EntityQueue } from './entity-queue.ts'
import type { InboxEntry } from './inbox-entry.ts'
import { inboxEntry } from './inbox-entry.ts'
import { InboxLoader } from './inbox-loader.ts'
import type { InboxReads } from './inbox-reads.ts'

/** Stored messages of one shard held in memory at once. The rest stays in storage until there is room. */
const maxEntries = 10_000

const emptyExit = encodeExit({ kind: 'success', value: encode(undefined) })

/** A delivery that did not come to an outcome. */
type FailedDelivery = Pick<JobOutcome & { kind: 'redeliver' }, 'error' | 'isOutage'>

/** What the inbox needs of its shard. */
export interface InboxHost {
  readonly services: Services
  readonly reads: InboxReads
  readonly fence: { readonly shard: StoredMessage['address']['shard'] }
  entity(type: string): AnyRegistered | undefined
  /** The job of a delivery; its end is reported to {@link ShardInbox.ended}. Undefined for an unknown method. */
  jobFor(message: StoredMessage, delivery: number): Job | undefined
  /** Hands the job to its entity. */
  start(job: Job): void
  commit(units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]>
}

/**
 * Delivers the stored messages of one shard: in order per entity, when they are due, again when a delivery failed, and
 * not for ever. The owner of the shard is their only consumer, so what it has started it remembers in memory.
 */
export class ShardInbox {
  readonly #host: InboxHost
  readonly #entries = new TurnoverMap<RequestId, InboxEntry>()
  readonly #queues = new TurnoverMap<EntityKey, EntityQueue<InboxEntry>>()
  /** Repeated requests to cancel have the answer of the first. */
  readonly #cancelling = new Map<RequestId, Promise<boolean>>()
  /** Types that are not known here, with the time since when a message of theirs is due. */
  readonly #unserved = new Map<string, number>()
  readonly #loader: InboxLoader
  #stopped = false

  constructor(host: InboxHost) {
    this.#host = host
    this.#loader = new InboxLoader({
      services: host.services,
      reads: host.reads,
      shard: host.fence.shard,
      take: (message, atClaim) => {
        this.#take(message, atClaim && message.dueInMs === 0)
      },
      hasRoom: () => this.#entries.size < maxEntries,
    })
    void this.#loader.load()
  }

  /**
   * Since when the longest waiting message could have been begun, on the monotonic clock; undefined when none waits. Messages of
   * types that this runner does not know wait too.
   */
  oldestWaiting(): number | undefined {
    if (this.#entries.size === 0 && this.#unserved.size === 0) return undefined
    const isHeldBack = ({ message }: InboxEntry): boolean =>
      this.#queues.get(entityKey(message.address))?.isHeldBack === true
    const held = oldestWaiting(this.#entries.values(), this.#host.services.clock.monotonic(), isHeldBack)
    const oldest = Math.min(held ?? Infinity, ...this.#unserved.values())
    return oldest === Infinity ? undefined : oldest
  }

  get size(): number {
    return this.#entries.size
  }

  /** Takes a message that was just stored. False: it is known already, or has to be read; see {@link load}. */
  offer(message: StoredMessage): boolean {
    // When it is due only storage's clock says: that of its sender, or of this runner, may be wrong.
    if (message.deliverAt !== undefined) {
      this.#loader.hint(message.sequence)
      return false
    }
    const follows = this.#loader.follows(message.sequence)
    if (follows) this.#take(message, false)
    return follows && this.#entries.has(message.id)
  }

  /** Takes a pending message that somebody found in storage. False when this runner cannot run it. */
  adopt(message: StoredMessage): boolean {
    this.#take(message, message.dueInMs === 0)
    return this.#entries.has(message.id)
  }

  /** Reads what is pending and was not seen. */
  async load(): Promise<void> {
    await this.#loader.load()
  }

  /** The job of a message that is held here. */
  job(id: RequestId): Job | undefined {
    return this.#entries.get(id)?.job
  }

  hint(lastSequence: number): void {
    this.#loader.hint(lastSequence)
  }

  async sweep(): Promise<void> {
    await this.#loader.sweep()
  }

  /** Cancels a pending message. False when it has started or has ended. */
  cancel(id: RequestId): Promise<boolean> {
    const underWay = this.#cancelling.get(id)
    if (underWay !== undefined) return underWay
    const cancelling = this.#cancel(id).finally(() => this.#cancelling.delete(id))
    this.#cancelling.set(id, cancelling)
    return cancelling
  }

  async #cancel(id: RequestId): Promise<boolean> {
    const entry = this.#entries.get(id)
    if (entry?.phase === 'running') return false
    if (entry !== undefined) this.#takeOut(entry)
    try {
      return await this.#commitCancellation(id, entry)
    } catch (error) {
      if (entry !== undefined) this.#putBack(entry)
      throw error
    }
  }

  async #commitCancellation(id: RequestId, entry: InboxEntry | undefined): Promise<boolean> {
    const [result] = await this.#host.commit([[{ kind: 'cancelMessage', id }]])
    if (result?.kind === 'fenced') throw new Fenced(this.#host.fence.shard)
    const isCancelled = result?.kind === 'applied'
    if (isCancelled) this.#endCancelled(entry)
    else await this.#endGone(entry)
    return isCancelled
  }

  /** A commit cancelled these messages. One that runs already will be refused at its own commit. */
  cancelled(ids: readonly RequestId[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry === undefined || entry.phase === 'running') continue
      this.#takeOut(entry)
      this.#endCancelled(entry)
    }
  }

  /** A commit concluded these requests beside their own deliveries. */
  concluded(ids: readonly RequestId[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry === undefined || entry.phase === 'running') continue
      this.#takeOut(entry)
      entry.job.end({ kind: 'exit', exit: emptyExit })
    }
  }

  /** A delivery has ended. */
  ended(job: Job, outcome: JobOutcome): void {
    const entry = this.#entries.get(job.request.id)
    if (this.#stopped) return job.turnAway()
    if (entry === undefined || entry.job !== job) return
    if (outcome.kind === 'redeliver') void this.#redeliver(entry, outcome)
    else if (outcome.kind !== 'notMine') this.#retire(entry)
  }

  /** Starts nothing any more; what runs goes on. Everybody who waits is sent to the next owner. */
  stop(): void {
    this.#stopped = true
    this.#loader.stop()
    for (const entry of this.#entries.values()) {
      entry.timer?.cancel()
      if (entry.job.phase === 'waiting') entry.job.end({ kind: 'notMine' })
    }
  }

  #take(message: StoredMessage, mayHaveRun: boolean): void {
    if (this.#stopped || this.#entries.has(message.id)) return
    const job = this.#host.jobFor(message, message.attempts + (mayHaveRun ? 2 : 1))
    const { clock } = this.#host.services
    const dueAt = dueTime(message, { monotonic: clock.monotonic(), wall: clock.now() })
    // A type that this runner does not know stays in storage, for an owner that knows it.
    if (job === undefined) return this.#cannotServe(message.address.type, dueAt)
    this.#unserved.delete(message.address.type)
    const entry = inboxEntry(message, { job, mayHaveRun, dueAt })
    this.#entries.set(entry.id, entry)
    if (message.dueInMs > 0) this.#schedule(entry)
    else this.#enqueue(entry)
  }

  #cannotServe(type: string, dueAt: number): void {
    this.#unserved.set(type, Math.min(dueAt, this.#unserved.get(type) ?? Infinity))
  }

  #schedule(entry: InboxEntry): void {
    entry.phase = 'scheduled'
    const { clock } = this.#host.services
    entry.timer = clock.setTimer(entry.dueAt - clock.monotonic(), () => {
      if (!this.#stopped && this.#entries.has(entry.id)) this.#enqueue(entry)
    })
  }

  #enqueue(entry: InboxEntry): void {
    entry.phase = 'queued'
    const queue = this.#queueOf(entry)
    queue.add(entry)
    this.#startNext(queue)
  }

  #queueOf({ message }: InboxEntry): EntityQueue<InboxEntry> {
    const key = entityKey(message.address)
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    const queue = new EntityQueue<InboxEntry>(key, this.#host.entity(message.address.type)?.storedConcurrency ?? 1)
    this.#queues.set(key, queue)
    return queue
  }

  #startNext(queue: EntityQueue<InboxEntry>): void {
    for (let entry = queue.start(); entry !== undefined; entry = queue.start()) void this.#deliver(entry)
    // A timer may come to a queue that was given up, and has a successor.
    if (queue.isEmpty && this.#queues.get(queue.key) === queue) this.#queues.delete(queue.key)
  }

  /** Counts a repetition before it is made, so that a message which kills its owner is counted too. */
  async #deliver(entry: InboxEntry): Promise<void> {
    entry.phase = 'running'
    const { maxAttempts } = this.#host.services.config
    const { method, request } = entry.job
    // Its sender may have been of another version than this owner, which decides.
    if (!isVisible(method, request)) return this.#bury(entry, new MethodNotFound(request.address.type, method.name))
    if (entry.deliveries >= maxAttempts) return this.#bury(entry, 'its owners died while it ran')
    entry.deliveries += 1
    if (entry.deliveries === 1) return this.#start(entry)
    try {
      const counted = await countDeliveries(this.#host, entry)
      if (this.#stopped) return
      if (counted === 'counted') this.#startLate(entry)
      else if (counted === 'gone') await this.#endGone(entry)
    } catch (error) {
      await this.#redeliver(entry, { error, isOutage: true })
    }
  }

  #start(entry: InboxEntry): void {
    this.#host.start(entry.job)
    this.#queueOf(entry).started(entry)
  }

  /** As {@link #start}, when nobody is about to start the next one, and something may have happened meanwhile. */
  #startLate(entry: InboxEntry): void {
    const queue = this.#queueOf(entry)
    if (queue.isOvertaking(entry)) {
      entry.phase = 'queued'
      entry.deliveries -= 1
      queue.putBack(entry)
    } else {
      this.#start(entry)
    }
    this.#startNext(queue)
  }

  async #redeliver(entry: InboxEntry, { error, isOutage = false }: FailedDelivery): Promise<void> {
    if (this.#stopped) return
    const { config, clock, log, metrics } = this.#host.services
    metrics.count('cruster_deliveries_failed_total', 1, {
      type: entry.message.address.type,
      method: entry.message.method,
    })
    // Storage will be back; until then, nothing is known against the message.
    if (isOutage) entry.deliveries -= 1
    entry.outages = isOutage ? entry.outages + 1 : 0
    this.#renew(entry)
    if (entry.deliveries >= config.maxAttempts) return this.#bury(entry, error)
    const backoff = { initialMs: config.initialBackoffMs, maxMs: config.maxBackoffMs }
    const pauseMs = backoffMs(backoff, Math.max(1, entry.deliveries + entry.outages))
    log.log('warn', 'A delivery failed; it is repeated.', {
      request: entry.id,
      deliveries: entry.deliveries,
      pauseMs,
      error,
    })
    entry.phase = 'resting'
    const queue = this.#queueOf(entry)
    queue.pause(entry)
    entry.timer = clock.setTimer(pauseMs, () => {
      entry.phase = 'queued'
      queue.resume(entry)
      this.#startNext(queue)
    })
  }

  /** A new job for the next delivery; whoever waited for the last one waits for it. */
  #renew(entry: InboxEntry): void {
    const next = this.#host.jobFor(entry.message, entry.deliveries + 1)
    if (next === undefined) return
    entry.job.moveSinksTo(next)
    // The last one may have been recorded, and only its answer lost.
    next.lookup = true
    next.isRepeated = true
    entry.job = next
  }

  async #bury(entry: InboxEntry, cause: unknown): Promise<void> {
    const { log, metrics, clock, config } = this.#host.services
    const exit = failureExit(new DeadLettered(entry.deliveries, cause instanceof Error ? cause.message : String(cause)))
    try {
      const [result] = await this.#host.commit([[{ kind: 'buryMessage', id: entry.id, exit }]])
      if (result?.kind === 'gone') return await this.#endGone(entry)
      if (result?.kind !== 'applied') return
      log.log('error', 'A stored message was given up.', {
        request: entry.id,
        deliveries: entry.deliveries,
        error: cause,
      })
      metrics.count('cruster_dead_letters_total', 1, { type: entry.message.address.type, method: entry.message.method })
      entry.job.end({ kind: 'exit', exit })
    } catch (error) {
      if (this.#stopped) return
      log.log('warn', 'A message could not be given up; this is tried again.', { request: entry.id, error })
      entry.timer = clock.setTimer(config.maxBackoffMs, () => void this.#bury(entry, cause))
    }
  }

  /** Where it was before {@link #takeOut}: nothing has become of its cancellation. */
  #putBack(entry: InboxEntry): void {
    if (this.#stopped) return
    if (entry.dueAt > this.#host.services.clock.monotonic()) this.#schedule(entry)
    else this.#enqueue(entry)
  }

  #takeOut(entry: InboxEntry): void {
    entry.timer?.cancel()
    entry.phase = 'running'
    const queue = this.#queues.get(entityKey(entry.message.address))
    // If it was the one that the others waited behind, they wait no more.
    if (queue?.remove(entry) === true) this.#startNext(queue)
  }

  /** It is not pending any more: cancelled, or completed by a delivery whose answer was lost. */
  async #endGone(entry: InboxEntry | undefined): Promise<void> {
    if (entry === undefined) return
    const reply = await this.#host.services.storage.replies.find(entry.id)
    if (reply === undefined) this.#endCancelled(entry)
    else entry.job.end({ kind: 'gone', exit: reply.exit })
  }

  #endCancelled(entry: InboxEntry | undefined): void {
    entry?.job.end({ kind: 'gone', exit: cancelledExit(entry.id) })
  }

  /** The message has ended for good. */
  #retire(entry: InboxEntry): void {
    this.#entries.delete(entry.id)
    const queue = this.#queues.get(entityKey(entry.message.address))
    queue?.ended(entry)
    if (queue !== undefined) this.#startNext(queue)
    if (this.#entries.size === maxEntries / 2) void this.#loader.load()
  }
}
