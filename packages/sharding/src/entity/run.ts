import type { Calls, HostServices, EntityAddress, Epoch, Methods, RequestInfo } from '@cruster/core'
import { ConfigError, MethodNotFound, decode, validate } from '@cruster/core'
import type { Logger, StorageTransaction } from '@cruster/core/ports'
import { createDraft, finishDraft } from 'immer'
import type { ClientPort } from '../client/client-port.ts'
import type { EntityHost } from './entity-host.ts'
import { checkedOutput, outputExit } from './handler-output.ts'
import type { Job } from './job.ts'
import { laneKey, storedKey } from './lane-key.ts'
import { LazyTransaction, noTransaction } from './lazy-transaction.ts'
import { Outbox } from './outbox.ts'
import type { RecentReplies } from './recent-replies.ts'
import type { HandledMethod, RegisteredEntity, StatePart } from './registered-entity.ts'
import { RunContext } from './run-context.ts'
import type { RunScope } from './run-context.ts'
import { selfCalls } from './self-calls.ts'
import type { StateCell } from './state-cell.ts'
import type { EntityState } from './state-record.ts'
import { checkChanges, hasSchema } from './state-record.ts'

/** What a run of a handler came to. */
export type Attempt =
  { readonly kind: 'returned'; readonly exit: Uint8Array } | { readonly kind: 'threw'; readonly error: unknown }

/** The entity that a run belongs to. */
export interface RunOwner {
  readonly entity: RegisteredEntity
  readonly address: EntityAddress
  readonly host: EntityHost
  readonly cell: StateCell
  readonly log: Logger
  readonly recent: RecentReplies
  begin(signal: AbortSignal): Promise<StorageTransaction>
}

/** One execution of one job: its draft, its transaction, its outgoing messages. */
export class Run implements RunScope {
  readonly owner: RunOwner
  readonly job: Job
  isOver = false
  /** Whether a handler was called. */
  hasBegun = false
  readonly #draft: Record<StatePart, unknown> | undefined
  readonly #base: EntityState
  #outbox: Outbox | undefined
  #tx: LazyTransaction | undefined
  #self: Calls<Methods> | undefined

  constructor(owner: RunOwner, job: Job) {
    this.owner = owner
    this.job = job
    this.#base = owner.cell.working.value
    this.#draft = this.isActivity && owner.entity.stateKind !== 'none' ? createDraft(this.#base) : undefined
  }

  /** The method with its handler. */
  get handled(): HandledMethod {
    const method = this.owner.entity.methods.get(this.job.method.name)
    if (method === undefined) throw new MethodNotFound(this.owner.entity.name, this.job.method.name)
    return method
  }

  get isActivity(): boolean {
    return this.job.lane === 'activity'
  }

  get address(): EntityAddress {
    return this.owner.address
  }

  /** The transaction of a recorded run. Made when the handler first asks for it. */
  get tx(): LazyTransaction | undefined {
    if (!this.job.isRecorded) return undefined
    const { dialect } = this.owner.host.services.storage
    this.#tx ??= new LazyTransaction(dialect, () => this.owner.begin(this.job.signal))
    if (this.isOver) this.#tx.isOver = true
    return this.#tx
  }

  /** The transaction, if the handler asked for it. */
  get askedTx(): LazyTransaction | undefined {
    return this.#tx
  }

  /** Messages that were sent and cancelled; undefined when there was nobody to send them with. */
  get sent(): Outbox | undefined {
    return this.#outbox
  }

  get epoch(): Epoch {
    return this.owner.host.fence.epoch
  }

  get signal(): AbortSignal {
    return this.job.signal
  }

  get log(): Logger {
    return this.owner.log.with({ method: this.job.method.name, request: this.job.request.id })
  }

  get request(): RequestInfo {
    const { request, stored } = this.job
    const deadline = stored === undefined ? this.owner.host.services.clock.now() + request.timeoutMs : undefined
    return { id: request.id, headers: request.headers, attempt: request.attempt, deadline }
  }

  get services(): HostServices {
    return this.owner.host.services
  }

  get port(): ClientPort {
    const { chain } = this.job.request
    const { concurrency, storedConcurrency } = this.owner.entity
    const waits = this.isActivity || concurrency === 1
    const own = [
      ...chain,
      ...(waits ? [laneKey(this.address, this.job.lane)] : []),
      ...(this.job.stored !== undefined && storedConcurrency === 1 ? [storedKey(this.address)] : []),
    ]
    const outbox = this.job.isRecorded ? (this.#outbox ??= new Outbox()) : undefined
    return this.owner.host.clientPort({ origin: 'entity', caller: this.address, chain: own, outbox })
  }

  get self(): Calls<Methods> {
    this.#self ??= selfCalls(this)
    return this.#self
  }

  state(part: StatePart): unknown {
    return (this.#draft ?? this.owner.cell.committed.value)[part]
  }

  changes(part: StatePart): AsyncIterable<unknown> {
    const { entity, cell } = this.owner
    if (!entity.parts.has(part)) throw new ConfigError(`${entity.name} has no state, so it has no changes().`)
    return pick(cell.changes.read(cell.committed.value, this.signal), part)
  }

  noTransaction(): never {
    return noTransaction(`${this.owner.entity.name}.${this.job.method.name}`)
  }

  /**
   * Calls the handler, and waits only where there is something to wait for: a promise more for every call is dear. Never
   * throws, and never rejects.
   */
  execute(): Attempt | Promise<Attempt> {
    try {
      const output = this.call(this.handled, decode(this.job.request.payload), true)
      return isThenable(output) ? this.#later(output) : this.#returned(output)
    } catch (error) {
      return { kind: 'threw', error }
    }
  }

  /**
   * Calls the handler of a method with a checked input, and checks what it returns: a promise where one of the three is not
   * done at once.
   */
  call(method: HandledMethod, input: unknown, abandonable = false): unknown {
    const { input: schema } = method.method
    if (schema === undefined) return this.#handle(method, input, abandonable)
    const parsed = validate(schema, input, `the input of ${this.#nameOf(method)}`)
    if (!isThenable(parsed)) return this.#handle(method, parsed, abandonable)
    return parsed.then((value) => this.#handle(method, value, abandonable))
  }

  #handle(method: HandledMethod, input: unknown, abandonable: boolean): unknown {
    this.hasBegun = true
    const returned = method.handler(new RunContext(this, method.part), input)
    if (isThenable(returned)) return this.#handled(method, returned, abandonable)
    return method.method.output === undefined ? returned : this.#checked(method, returned)
  }

  async #handled(method: HandledMethod, returned: PromiseLike<unknown>, abandonable: boolean): Promise<unknown> {
    const output = abandonable ? await Promise.race([returned, this.job.abandoned()]) : await returned
    return method.method.output === undefined ? output : this.#checked(method, output)
  }

  #checked(method: HandledMethod, output: unknown): Promise<unknown> {
    return checkedOutput(method.method, output, `the output of ${this.#nameOf(method)}`)
  }

  async #later(output: PromiseLike<unknown>): Promise<Attempt> {
    try {
      return this.#returned(await output)
    } catch (error) {
      return { kind: 'threw', error }
    }
  }

  /** @throws what makes an output unusable. */
  #returned(output: unknown): Attempt {
    const { maxPayloadBytes } = this.owner.host.services.config
    const exit = outputExit(output, () => `the output of ${this.#nameOf(this.job.method)}`, maxPayloadBytes)
    return { kind: 'returned', exit }
  }

  #nameOf({ name }: { readonly name: string }): string {
    return `${this.owner.entity.name}.${name}`
  }

  /**
   * The state after the handler: the one before, if it changed nothing. Ends the draft. A promise where a schema has to
   * be asked.
   *
   * @throws ValidationError when it does not fit its schema: storing it would make the entity unusable.
   */
  finish(): EntityState | Promise<EntityState> {
    if (this.#draft === undefined) return this.#base
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the draft was made of a state
    const next = finishDraft(this.#draft) as EntityState
    if (next === this.#base || !hasSchema(this.owner.entity)) return next
    return checkChanges(this.owner, this.#base, next).then(() => next)
  }

  /** Ends the run: whatever its handler still does has no effect. The promise, if any, is that of its transaction's end. */
  end(): Promise<void> | undefined {
    this.isOver = true
    return this.#tx?.end()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

async function* pick(states: AsyncIterable<EntityState>, part: StatePart): AsyncIterable<unknown> {
  for await (const state of states) yield state[part]
}
