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

/** Makes calls on behalf of a client: the seam between typed clients and routing. */
export interface ClientPort {
  call(target: CallTarget, input: unknown, options: CallOptions): Promise<unknown>
  stream(target: CallTarget, input: unknown, options: CallOptions): AsyncIterable<unknown>
  /** Resolves when the message is durable, or handed over for a volatile rpc that is due at once. */
  send(target: CallTarget, input: unknown, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage>
  cancel(entity: Pick<CallTarget, 'contract' | 'id'>, message: RequestId): Promise<boolean>
}
