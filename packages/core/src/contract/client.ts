import type { RequestId } from '../address/identifiers.ts'
import type { SqlTransaction } from '../ports/sql-transaction.ts'
import type { QueryClient } from '../ports/storage.ts'
import type { Duration } from '../time/duration.ts'
import type { Method, MethodKind, Methods, MethodTypes, Visibility } from './method.ts'

/** How one call is made. */
export interface CallOptions {
  /**
   * Makes the call countable once: a second call of the same method of the same entity with this key gets the first
   * one's outcome; with another input it is an IdempotencyConflict. For activities and persisted rpcs.
   */
  readonly idempotencyKey?: string
  /** Deadline. Default: the method's, else 30 s. */
  readonly timeout?: Duration
  readonly signal?: AbortSignal
  /** Strings for the handler's `request.headers`. Names starting with `cruster-` are taken. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Options of a message whose sender does not wait. */
export interface SendOptions extends Pick<CallOptions, 'idempotencyKey' | 'headers'> {
  /**
   * A transaction of your own on the same database: the message is stored if and only if you commit. A client of `pg` on which
   * you have said `begin`, or the transaction of PGlite. Only where the storage is PostgreSQL.
   */
  readonly transaction?: SqlTransaction | QueryClient
}

/** When a scheduled message becomes due. */
export type Due = { readonly at: Date | number } | { readonly after: Duration }

/** A message that is stored and not yet due. */
export interface ScheduledMessage {
  readonly id: RequestId
  /** True: it will never run. False: it has started, has run, or was cancelled before. */
  cancel(): Promise<boolean>
}

type Args<Input, Options> = [Input] extends [void]
  ? [input?: undefined, options?: Options]
  : undefined extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options]

type InputOf<Of> = Of extends Method<MethodKind, infer Types extends MethodTypes> ? Types['input'] : never
type OutputOf<Of> = Of extends Method<MethodKind, infer Types extends MethodTypes> ? Types['output'] : never

type NamesOf<M extends Methods, Visible extends Visibility, Kind extends MethodKind = MethodKind> = {
  [Name in keyof M]: M[Name] extends Method<Kind, MethodTypes, Visible> ? Name : never
}[keyof M]

/** Calls of the methods `Visible` to the caller: a promise of the output, or its values as they come. */
export type Calls<M extends Methods, Visible extends Visibility = Visibility> = {
  readonly [Name in NamesOf<M, Visible>]: M[Name] extends Method<'stream'>
    ? (...args: Args<InputOf<M[Name]>, Omit<CallOptions, 'idempotencyKey'>>) => AsyncIterable<OutputOf<M[Name]>>
    : (...args: Args<InputOf<M[Name]>, CallOptions>) => Promise<OutputOf<M[Name]>>
}

/** One-way messages: each resolves when the message is durable, or handed over for a volatile rpc. */
export type Notifications<M extends Methods, Visible extends Visibility> = {
  readonly [Name in NamesOf<M, Visible, 'rpc' | 'activity' | 'workflow'>]: (
    ...args: Args<InputOf<M[Name]>, SendOptions>
  ) => Promise<void>
}

/** Messages for later: each resolves when the message is durable. */
export type Schedules<M extends Methods, Visible extends Visibility> = {
  readonly [Name in NamesOf<M, Visible, 'rpc' | 'activity' | 'workflow'>]: (
    ...args: Args<InputOf<M[Name]>, SendOptions>
  ) => Promise<ScheduledMessage>
}

/** Reaches the entities of one type, wherever they live. */
export interface EntityClient<M extends Methods, Visible extends Visibility = 'public'> {
  /** One entity's methods. */
  get(id: string): Calls<M, Visible>
  /** One entity's methods without waiting for their outcome. */
  notify(id: string): Notifications<M, Visible>
  /** One entity's methods at a later time. */
  schedule(id: string, due: Due): Schedules<M, Visible>
  /**
   * Cancels a scheduled message by its id. True: it will never run. False: it has started, has run, or was cancelled
   * before. In an activity, for the entity itself, it takes effect with the activity's commit, and the answer is true.
   */
  cancel(id: string, message: RequestId): Promise<boolean>
  /** Calls a method by name: for tools. Rejects with MethodNotFound for one this client may not see. */
  call(id: string, method: string, input?: unknown, options?: CallOptions): Promise<unknown>
}
