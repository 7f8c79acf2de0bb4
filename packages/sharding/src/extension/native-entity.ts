import type {
  AnyEntity,
  CallTarget,
  ClientHost,
  DeactivateReason,
  DeepReadonly,
  Due,
  EntityAddress,
  RequestId,
  RequestInfo,
  SendOptions,
} from '@cruster/core'
import type { Fence, Logger, NewMessage, Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'
import type { Outbox } from '../entity/outbox.ts'
import type { Services } from '../runner/services.ts'

/**
 * An entity type whose entities are objects of the extension, which commit when and what they want: several fenced units
 * in one handler, or none. It has no state that the runtime knows, and no streams.
 *
 * Promises of the runtime: N1 at most one instance of an id is alive under one epoch, and a later one begins when no
 * commit of the former is under way. N2 stored messages start in the order of their sequences, whatever runs already,
 * also when they are delivered again. N3 a stored message is pending until a unit that completes it was applied; then
 * it is never delivered again. N4 nothing that an instance commits after its shard was lost is applied.
 */
export interface NativeEntity {
  /** Its methods: rpcs and activities. `concurrency` of the contract bounds what runs at once; default: no bound. */
  readonly contract: AnyEntity
  /** Brings one into memory. */
  create(scope: EntityScope): NativeInstance
}

/** Serves a call; resolves to its output, or to {@link concluded}. */
export type NativeHandler = (call: NativeCall) => Promise<unknown>

/** One native entity in memory. */
export interface NativeInstance {
  /** One for each method of the contract. They may run beside each other. */
  readonly handlers: Readonly<Record<string, NativeHandler>>
  /** Before the first call. When it rejects, waiting calls get its error, and the next one tries anew. */
  onActivate?(): Promise<void>
  /**
   * Asked when nothing runs here any more. True: nobody is likely to come back soon, so it leaves memory at once and not after the
   * contract's `maxIdleTime`.
   */
  isDone?(): boolean
  /** Its life is over, and `scope.signal` has aborted: nothing that it does takes effect any more. For those who need no signal. */
  over?(): void
  /** Asked when nothing runs here for the contract's `maxIdleTime`. True: stays in memory. */
  onIdle?(): boolean
  /** The last thing that is called. It can commit still, unless the signal has aborted. Its errors are logged. */
  onDeactivate?(reason: DeactivateReason): Promise<void>
  /** The shard is being given up in an orderly way: come to rest soon, at the latest when `scope.signal` aborts. */
  draining?(): void
}

/** Returned by a handler whose own unit held `call.conclude(…)` and was applied: nothing is left to be recorded. */
export const concluded: unique symbol = Symbol('concluded')

/** How a request is concluded. */
export interface ConcludeOptions {
  /**
   * Its message leaves storage with that, also if no reply is recorded: the entity knows by what it stores itself when the request comes again.
   * Default: false.
   */
  readonly forget?: boolean
}

/** A call of a native entity. */
export interface NativeCall {
  /** Checked by the method's input schema. */
  readonly input: unknown
  readonly request: RequestInfo
  /** Aborts when nobody wants the result any more, or nothing can take effect. */
  readonly signal: AbortSignal
  /** Whether the signal has aborted. For those who need no signal, of which each one more is dear. */
  readonly isStopped: boolean
  /** Calls back when the signal aborts. One listener: the last counts. */
  onStop(listener: () => void): void
  /** Place of a stored message in its shard; undefined for a volatile call. */
  readonly sequence: number | undefined
  /**
   * Operations that conclude the request with an output: of a stored message they complete it, and they record the reply
   * where somebody can ask for it. They belong in one unit, of this handler or another; when it was applied, the
   * handler returns {@link concluded}. A handler that returns an output has the runtime commit them.
   *
   * @throws CodecError, PayloadTooLarge when the output cannot be sent. It is not checked by a schema.
   */
  conclude(output?: unknown, options?: ConcludeOptions): readonly Operation[]
  /** As {@link conclude}, with an error that callers are to receive. */
  refuse(error: unknown): readonly Operation[]
}

/** What a message is sent with. */
export type MessageOptions = SendOptions & {
  readonly due?: Due
  /** The request's id. Default: made of the idempotency key, else a new one. */
  readonly id?: RequestId
}

/** For whom a native entity makes calls. */
export interface ClientOptions {
  /** Takes one-way messages, and cancellations of the entity's own; the caller commits its `operations()`. */
  readonly outbox?: Outbox
  /** Who calls: sees its own private methods. Default: this entity. */
  readonly caller?: EntityAddress
}

/** A state that is looked at. */
export interface HeldState {
  /** The committed state at this moment, frozen. */
  current(): DeepReadonly<unknown>
  /** Lets go of the entity, which may leave memory then. */
  release(): void
}

/** What the runtime offers to one native entity in memory. */
export interface EntityScope {
  readonly address: EntityAddress
  /** The ownership under which this instance lives. */
  readonly fence: Fence
  readonly services: Services
  readonly log: Logger
  /** Aborts when nothing that runs here can take effect any more: the shard is lost, or its drain has lasted too long. */
  readonly signal: AbortSignal
  /**
   * Commits one fenced unit. Messages in it are announced to their owners, and what it completes or cancels is never
   * delivered again. `fenced` makes the shard give itself up.
   *
   * Rejects with RunnerUnavailable when this instance is over (nothing was committed), and with StorageError when it is
   * unknown whether the unit was applied; {@link restart} is the way out of that, unless the extension can tell.
   */
  commit(operations: readonly Operation[]): Promise<UnitResult>
  /** A fenced transaction for user SQL. Its commit does what {@link commit} does. The signal rolls it back. */
  begin(signal: AbortSignal): Promise<StorageTransaction>
  /** Keeps this instance in memory, and a drain waiting, until the returned function is called. */
  hold(): () => void
  /** Whether the shard is certainly this runner's at this moment. Nothing with effects outside may begin when not. */
  mayExecute(): boolean
  /** Makes clients of others, for this entity. */
  clients(options?: ClientOptions): ClientHost
  /** A one-way message, for a unit of one's own. @throws like a call that cannot be sent. */
  message(target: CallTarget, input: unknown, options?: MessageOptions): NewMessage
  /** The state of an entity on the same shard, brought into memory and kept there. @throws ConfigError on another shard. */
  stateOf(contract: AnyEntity, id: string): Promise<HeldState>
  /**
   * Gives this instance up and makes it anew: for one that does not know any more what is stored. Its signal aborts,
   * stored messages that it was serving are delivered again without being counted, calls are answered with the reason.
   */
  restart(reason: Error): void
}
