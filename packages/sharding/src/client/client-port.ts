import type { AnyEntity, AnyMethod, CallOptions, Due, RequestId, ScheduledMessage, SendOptions } from '@cruster/core'

/** A method of one entity. */
export interface Target {
  readonly contract: AnyEntity
  readonly id: string
  readonly name: string
  readonly method: AnyMethod
}

/** Makes calls on behalf of a client: the seam between typed clients and routing. */
export interface ClientPort {
  call(target: Target, input: unknown, options: CallOptions): Promise<unknown>
  stream(target: Target, input: unknown, options: CallOptions): AsyncIterable<unknown>
  /** Resolves when the message is durable, or handed over for a volatile rpc that is due at once. */
  send(target: Target, input: unknown, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage>
  cancel(entity: Pick<Target, 'contract' | 'id'>, message: RequestId): Promise<boolean>
}
