import type { AnyEntity, DeactivateReason, EntityAddress, RequestId, ShardId } from '@cruster/core'
import {
  ConfigError,
  Fenced,
  Interrupted,
  MailboxFull,
  encode,
  encodeExit,
  entityKey,
  isCrusterError,
} from '@cruster/core'
import type { Fence, NewMessage, Operation, StoredMessage, UnitResult } from '@cruster/core/ports'
import type { ClientPort } from '../client/client-port.ts'
import type { MessageAsk } from '../client/prepared-request.ts'
import type { HeldState } from '../extension/native-entity.ts'
import type { ShardResident } from '../extension/resident.ts'
import type { OpenCall, ReplySink, Request } from '../connection/endpoint.ts'
import type { InboxReads } from '../delivery/inbox-reads.ts'
import { inquire } from '../delivery/inquiry.ts'
import { isTaken } from '../delivery/is-taken.ts'
import { messageOf, requestOf } from '../delivery/message-request.ts'
import { ShardInbox } from '../delivery/shard-inbox.ts'
import type { CallScope, EntityHost } from '../entity/entity-host.ts'
import { EntityInstance } from '../entity/entity-instance.ts'
import type { LiveEntity } from '../entity/live-entity.ts'
import type { JobOutcome } from '../entity/job.ts'
import { Job } from '../entity/job.ts'
import { OpenStream } from '../entity/open-stream.ts'
import { failureExit, isSameRequest, refusalOf } from '../entity/recorded-outcome.ts'
import type { AnyRegistered } from '../entity/registered-entity.ts'
import { within } from '../time/within.ts'
import { honestExit } from '../routing/honest-exit.ts'
import type { Services } from '../runner/services.ts'
import { TurnoverMap } from '../turnover/turnover-map.ts'
import type { Admitted } from './admission.ts'
import { admit, mustBeStored } from './admission.ts'
import { accepted, answered, refused, turnedAway } from './answered.ts'
import { isControl, performControl } from './control.ts'
import { JobCall, closedCall } from './job-call.ts'
import { EntityHold } from './held-state.ts'
import { ShardEntities } from './shard-entities.ts'
import { ShardResidents } from './shard-residents.ts'

/** What a shard needs of its runner. */
export interface ShardScope {
  readonly services: Services
  readonly reads: InboxReads
  readonly fence: Fence
  entity(type: string): AnyRegistered | undefined
  clientPort(scope: CallScope): ClientPort
  message(ask: MessageAsk): NewMessage
  addressOf(contract: AnyEntity, id: string): EntityAddress
  /** What runs on a shard beside its entities. */
  residents(shard: ShardId): readonly ShardResident[]
  handOver(messages: readonly { readonly message: NewMessage; readonly sequence: number }[]): void
  admit(): Promise<() => void>
  /** Whether ownership is certain at this moment. */
  mayExecute(): boolean
  fenced(fence: Fence): void
}

/**
 * Everything that runs under one ownership of one shard: its entities, its stored messages, its streams. It begins
 * with the claim and ends with the hand-over, or at once when the shard is lost.
 */
export class OwnedShard implements EntityHost {
  readonly services: Services
  readonly reads: InboxReads
  readonly fence: Fence
  readonly #scope: ShardScope
  readonly #entities: ShardEntities
  readonly #inbox: ShardInbox
  readonly #residents: ShardResidents
  /** Requests that run or wait here: a repetition joins the first. */
  readonly #jobs = new TurnoverMap<RequestId, Job>()
  readonly #streams = new TurnoverMap<RequestId, OpenStream>()
  /** Callers whose request is being looked for in storage. */
  readonly #inquiring = new TurnoverMap<ReplySink, EntityAddress>()
  #phase: 'open' | 'draining' | 'closed' = 'open'

  constructor(scope: ShardScope) {
    this.services = scope.services
    this.reads = scope.reads
    this.fence = scope.fence
    this.#scope = scope
    this.#entities = new ShardEntities(this)
    this.#inbox = new ShardInbox(this)
    this.#residents = new ShardResidents(this)
    for (const resident of scope.residents(scope.fence.shard)) this.#residents.start(resident)
  }

  get inbox(): ShardInbox {
    return this.#inbox
  }

  get entities(): ShardEntities {
    return this.#entities
  }

  open(request: Request, sink: ReplySink): OpenCall {
    if (this.#phase !== 'open') return turnedAway(request, sink)
    if (isControl(request)) return this.#control(request, sink)
    const admitted = admit(request, this.entity(request.address.type))
    if (isCrusterError(admitted)) return refused(sink, admitted)
    if (admitted.method.method.kind === 'stream') return this.#openStream(admitted, request, sink)
    const running = this.#jobs.get(request.id)
    if (running !== undefined) return this.#join(running, request, sink)
    const { method } = admitted.method
    if (request.sequence === undefined && mustBeStored(method, request)) return this.#openUnstored(request, sink)
    const isStored = request.sequence !== undefined || method.persisted
    return isStored ? this.#openStored(request, sink) : this.#openVolatile(admitted, request, sink)
  }

  /** Lets everything that runs end and sends everybody else to the next owner. */
  async drain(reason: DeactivateReason): Promise<void> {
    if (this.#phase !== 'open') return
    this.#phase = 'draining'
    this.#turnAway()
    const closed = Promise.all([...this.#streams.values()].map((stream) => stream.move()))
    await Promise.all([this.#entities.drain(reason), this.#residents.drain()])
    // A stream that does not end when it is told to keeps nobody: its reader has gone on already.
    await within(this.services.clock, this.services.config.abandonAfterMs, closed)
    this.#phase = 'closed'
  }

  /** The shard is somebody else's: nothing of what runs can take effect any more. */
  abandon(): void {
    this.#phase = 'closed'
    this.#turnAway()
    for (const stream of this.#streams.values()) void stream.move()
    this.#residents.abandon()
    this.#entities.abandon()
  }

  /** Something was registered that runs on this shard. */
  reside(resident: ShardResident): void {
    if (this.#phase === 'open') this.#residents.start(resident)
  }

  entity(type: string): AnyRegistered | undefined {
    return this.#scope.entity(type)
  }

  async commit(units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]> {
    const results = await this.services.storage.commit(units.map((operations) => ({ fence: this.fence, operations })))
    if (results.some(({ kind }) => kind === 'fenced')) this.fenced()
    return results
  }

  fenced(): void {
    this.#scope.fenced(this.fence)
  }

  clientPort(scope: CallScope): ClientPort {
    return this.#scope.clientPort(scope)
  }

  handOver(messages: readonly { readonly message: NewMessage; readonly sequence: number }[]): void {
    if (messages.length > 0) this.#scope.handOver(messages)
  }

  cancelled(messages: readonly RequestId[]): void {
    this.#inbox.cancelled(messages)
  }

  concluded(requests: readonly RequestId[]): void {
    this.#inbox.concluded(requests)
  }

  message(ask: MessageAsk): NewMessage {
    return this.#scope.message(ask)
  }

  async stateOf(contract: AnyEntity, id: string): Promise<HeldState> {
    const address = this.#scope.addressOf(contract, id)
    if (address.shard !== this.fence.shard)
      throw new ConfigError(`${entityKey(address)} lives on another shard; only neighbours can be looked into.`)
    return EntityHold.open(this.#entities, this.entity(address.type), address)
  }

  admit(): Promise<() => void> {
    return this.#scope.admit()
  }

  mayExecute(): boolean {
    return this.#scope.mayExecute()
  }

  leaving(instance: EntityInstance): void {
    for (const stream of this.#streams.values()) if (stream.isOf(instance)) void stream.move()
  }

  removed(instance: LiveEntity, waiting: readonly Job[], crashes: number): void {
    this.#entities.removed(instance, waiting, crashes)
    if (instance instanceof EntityInstance) this.leaving(instance)
  }

  jobFor(message: StoredMessage, delivery: number): Job | undefined {
    const method = this.entity(message.address.type)?.methods.get(message.method)
    if (method === undefined) return undefined
    const job = new Job({ request: requestOf(message, delivery), method, stored: message }, this.#ended)
    this.#jobs.set(message.id, job)
    return job
  }

  start(job: Job): void {
    const entity = this.entity(job.address.type)
    if (entity !== undefined && this.#phase === 'open') this.#entities.get(entity, job.address).offer(job)
  }

  readonly #ended = (job: Job, outcome: JobOutcome): void => {
    if (this.#jobs.get(job.request.id) === job) this.#jobs.delete(job.request.id)
    if (job.stored !== undefined) this.#inbox.ended(job, outcome)
  }

  #turnAway(): void {
    this.#inbox.stop()
    for (const [sink, address] of this.#inquiring) sink.notMine(address, undefined, true)
    this.#inquiring.clear()
  }

  #join(job: Job, request: Request, sink: ReplySink): OpenCall {
    if (!isSameRequest(request, job.request)) return refused(sink, refusalOf(request))
    if (request.oneWay) return answered(sink, accepted)
    job.attach(sink)
    return new JobCall(job, sink, this.#withdraw)
  }

  #openVolatile({ entity, method }: Admitted, request: Request, sink: ReplySink): OpenCall {
    const instance = this.#entities.get(entity, request.address)
    if (instance.isFull) return refused(sink, new MailboxFull(entityKey(request.address), entity.mailboxCapacity))
    const job = new Job({ request, method }, this.#ended)
    if (!request.oneWay) job.attach(sink)
    instance.offer(job)
    // Mostly it has ended already, and no repetition can join it.
    if (job.phase !== 'ended') this.#jobs.set(request.id, job)
    if (request.oneWay) return answered(sink, accepted)
    return job.phase === 'ended' ? closedCall : new JobCall(job, sink, this.#withdraw)
  }

  readonly #withdraw = (job: Job): void => {
    const entity = this.entity(job.address.type)
    const stopped = new Interrupted(`${entityKey(job.address)} ${job.method.name}`, { outcome: 'not-started' })
    if (entity !== undefined && this.#entities.get(entity, job.address).withdraw(job)) {
      job.end({ kind: 'exit', exit: failureExit(stopped) })
      return
    }
    const reason = new Interrupted(`${entityKey(job.address)} ${job.method.name}`, { outcome: 'unknown' })
    job.stop(reason, this.services.clock, this.services.config.abandonAfterMs)
  }

  #openStored(request: Request, sink: ReplySink): OpenCall {
    const { sequence } = request
    const taken = sequence !== undefined && this.#inbox.offer(messageOf(request, sequence, this.services.clock.now()))
    const job = taken ? this.#inbox.job(request.id) : undefined
    if (job !== undefined) return this.#join(job, request, sink)
    if (sequence !== undefined && request.oneWay) return answered(sink, accepted)
    void this.#inquire(request, sink)
    return { ...closedCall, cancel: () => this.#inquiring.delete(sink), disconnect: () => this.#inquiring.delete(sink) }
  }

  async #inquire(request: Request, sink: ReplySink): Promise<void> {
    this.#inquiring.set(sink, request.address)
    let mayBeStored = request.sequence !== undefined
    try {
      const scope = {
        services: this.services,
        inbox: this.#inbox,
        store: async (stored: Request) => {
          const result = await this.#store(stored)
          mayBeStored = true
          return result?.kind === 'applied'
        },
      }
      const finding = await inquire(scope, request)
      if (!this.#inquiring.delete(sink)) return
      if (finding.kind === 'exit') sink.reply(finding.exit)
      else this.#join(finding.job, request, sink)
    } catch (error) {
      const exit = failureExit(error)
      if (this.#inquiring.delete(sink)) sink.reply(mayBeStored ? honestExit(exit) : exit)
    }
  }

  /** A message whose sender has no storage: it is accepted once it is stored here. */
  #openUnstored(request: Request, sink: ReplySink): OpenCall {
    this.#inquiring.set(sink, request.address)
    const answer = (exit: Uint8Array): void => {
      if (this.#inquiring.delete(sink)) sink.reply(exit)
    }
    this.#accept(request).then(answer, (error: unknown) => {
      answer(failureExit(error))
    })
    return { ...closedCall, cancel: () => this.#inquiring.delete(sink), disconnect: () => this.#inquiring.delete(sink) }
  }

  async #accept(request: Request): Promise<Uint8Array> {
    const result = await this.#store(request)
    return (await isTaken(this.services.storage, request, result)) ? failureExit(refusalOf(request)) : accepted
  }

  /** Stores a request that its sender could not store, and has it delivered. */
  async #store(request: Request): Promise<UnitResult | undefined> {
    const now = this.services.clock.now()
    const message = messageOf(request, 0, now)
    const [result] = await this.services.storage.commit([{ operations: [{ kind: 'saveMessage', message }] }])
    const sequence = result?.kind === 'applied' ? result.sequences[0] : undefined
    if (sequence !== undefined) this.#inbox.offer(messageOf(request, sequence, now))
    return result
  }

  #openStream({ entity, method }: Admitted, request: Request, sink: ReplySink): OpenCall {
    const known = this.#streams.get(request.id)
    const resumed = known?.attach(request, sink) ?? 'lost'
    if (resumed !== 'lost') return resumed
    void known?.move()
    const instance = this.#entities.get(entity, request.address)
    if (!(instance instanceof EntityInstance)) return turnedAway(request, sink)
    if (instance.streams >= entity.streamCapacity) {
      return refused(sink, new MailboxFull(entityKey(request.address), entity.streamCapacity, 'streams'))
    }
    if (instance.phase === 'leaving') return turnedAway(request, sink)
    const stream: OpenStream = new OpenStream(instance, { request, method }, () => {
      if (this.#streams.get(request.id) === stream) this.#streams.delete(request.id)
    })
    this.#streams.set(request.id, stream)
    const call = stream.attach(request, sink)
    return call === 'lost' ? closedCall : call
  }

  async #isCancelled(message: RequestId): Promise<boolean> {
    const record = await this.services.storage.messages.find(message)
    return record?.status === 'cancelled'
  }

  #control(request: Request, sink: ReplySink): OpenCall {
    const target = {
      // The first attempt may have cancelled it, and only its answer have been lost.
      cancel: async (message: RequestId) =>
        (await this.#inbox.cancel(message)) || (request.attempt > 1 && (await this.#isCancelled(message))),
      interrupt: (address: EntityAddress) => this.#entities.interrupt(address),
    }
    performControl(target, request).then(
      (answer) => {
        sink.reply(encodeExit({ kind: 'success', value: encode(answer) }))
      },
      (error: unknown) => {
        if (error instanceof Fenced) sink.notMine(request.address, undefined)
        else sink.reply(failureExit(error))
      },
    )
    return closedCall
  }
}
