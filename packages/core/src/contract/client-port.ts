import type { RequestId } from '../address/identifiers.ts'
import type { CallOptions, Due, ScheduledMessage, SendOptions } from './client.ts'
import type { AnyEntity } from './entity-contract.ts'
import type { AnyMethod } from './method.ts'

/** A method of one entity. */
export interface CallTarget {
  readonly contract: AnyEntity
  readonly id: string
  readonly name: string
  readonly method: AnyMethod
}

/** Says when to stop. An `AbortSignal` is one; for who makes one per call that is dear. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** How a call is made through a port. */
export interface PortCallOptions extends Omit<CallOptions, 'signal'> {
  readonly signal?: StopSignal
}

/** Makes calls on behalf of a client: the seam between typed clients and routing. */
export interface ClientPort {
  call(target: CallTarget, input: unknown, options: PortCallOptions): Promise<unknown>
  stream(target: CallTarget, input: unknown, options: PortCallOptions): AsyncIterable<unknown>
  /** Resolves when the message is durable, or handed over for a volatile rpc that is due at once. */
  send(target: CallTarget, input: unknown, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage>
  cancel(entity: Pick<CallTarget, 'contract' | 'id'>, message: RequestId): Promise<boolean>
}
