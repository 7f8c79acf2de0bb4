import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import type { Epoch } from '../address/shard-id.ts'
import type { LogFields } from '../ports/logger.ts'
import type { SqlTransaction } from '../ports/sql-transaction.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import type { DurableContext } from './durable-context.ts'
import type { Calls } from './client.ts'
import type { ClientFactory } from './connectable.ts'
import type { Method, Methods, MethodTypes } from './method.ts'

/** The request that a handler serves. */
export interface RequestInfo {
  readonly id: RequestId
  readonly headers: Readonly<Record<string, string>>
  /** 1 for the first delivery. */
  readonly attempt: number
  /** When the caller stops waiting, in milliseconds since 1970; undefined for a stored message. */
  readonly deadline: number | undefined
}

/** A log for handlers. Its lines carry the entity, the method and the request. */
export interface HandlerLog {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

/** What every handler gets. Use it only until the handler ends. */
export interface HandlerContext<M extends Methods> {
  readonly id: string
  readonly address: EntityAddress
  /** The ownership under which this handler runs. */
  readonly epoch: Epoch
  readonly request: RequestInfo
  /** Aborts when nobody wants the result any more: cancelled, past the deadline, the shard given away. */
  readonly signal: AbortSignal
  readonly log: HandlerLog
  /** All methods of this entity, traits and private ones included, without a detour over the mailbox. */
  readonly self: Calls<M>
  /** Calls other entities; their protected methods too. */
  readonly client: ClientFactory<'public' | 'protected'>
}

/** What handlers that only read state get: of rpcs and streams. */
export interface ReadContext<State, M extends Methods> extends HandlerContext<M> {
  /** The committed state at this moment; frozen at every depth. */
  readonly state: DeepReadonly<State>
  /**
   * The committed state now, then each later one, in order. A reader that falls far behind (1024 states) misses the
   * oldest of them, never the newest.
   */
  readonly changes: () => AsyncIterable<DeepReadonly<State>>
}

/** What the handler of an rpc gets: the committed state, and a transaction when the call is stored. */
export interface RpcContext<State, M extends Methods> extends ReadContext<State, M> {
  /** Commits with the reply. Only in persisted rpcs; elsewhere its use is a ConfigError. */
  readonly tx: SqlTransaction
}

/** What the handler of an activity gets: a draft of the state, and a transaction. */
export interface ActivityContext<State, M extends Methods> extends HandlerContext<M> {
  /** A draft: assign to it freely. Committed with the reply when the handler returns, dropped when it throws. */
  readonly state: State
  /** Commits with the state and the reply. */
  readonly tx: SqlTransaction
}

/** What the handler of a stream gets: the committed state, and where its reader left off. */
export interface StreamContext<State, M extends Methods, Output> extends ReadContext<State, M> {
  /** Set when the reader had a part of the stream from a former owner: how many values, and the last of them. */
  readonly resume: { readonly received: number; readonly last: Output | undefined } | undefined
}

/**
 * What the handler of a workflow method gets: durable operations, the committed state of its entity, and the entity's
 * methods, of which each call is a recorded step. It does not hold the entity's mailbox.
 */
export interface WorkflowMethodContext<State, M extends Methods> extends DurableContext {
  /** The entity's id; `executionId` names this execution. */
  readonly id: string
  readonly address: EntityAddress
  /** The committed state at this moment, recorded when it is read; frozen at every depth. */
  readonly state: DeepReadonly<State>
  readonly self: Calls<M>
}

type MaybePromise<Value> = Value | Promise<Value>

/** The function that serves a method. */
export type Handler<Of, State, M extends Methods> =
  Of extends Method<infer Kind, infer Types extends MethodTypes>
    ? Kind extends 'stream'
      ? (context: StreamContext<State, M, Types['output']>, input: Types['parsed']) => AsyncIterable<Types['returned']>
      : Kind extends 'activity'
        ? (context: ActivityContext<State, M>, input: Types['parsed']) => MaybePromise<Types['returned']>
        : Kind extends 'workflow'
          ? (context: WorkflowMethodContext<State, M>, input: Types['parsed']) => MaybePromise<Types['returned']>
          : (context: RpcContext<State, M>, input: Types['parsed']) => MaybePromise<Types['returned']>
    : never

/** One handler for each method of `Own`; `All` is what `self` offers. */
export type Handlers<Own extends Methods, State, All extends Methods> = {
  readonly [Name in keyof Own]: Handler<Own[Name], State, All>
}
