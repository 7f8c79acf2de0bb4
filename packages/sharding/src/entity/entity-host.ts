import type { AnyEntity, EntityAddress, RequestId } from '@cruster/core'
import type { Fence, NewMessage, Operation, UnitResult } from '@cruster/core/ports'
import type { ClientPort } from '../client/client-port.ts'
import type { Services } from '../runner/services.ts'
import type { MessageAsk } from '../client/prepared-request.ts'
import type { HeldState } from '../extension/native-entity.ts'
import type { EntityInstance } from './entity-instance.ts'
import type { Job } from './job.ts'
import type { LiveEntity } from './live-entity.ts'
import type { Outbox } from './outbox.ts'

/** For whom a client makes calls. */
export interface CallScope {
  readonly origin: 'client' | 'entity'
  /** Who calls, when it is an entity: it may see its own private methods. */
  readonly caller?: EntityAddress
  /** Mailbox lanes that wait for the call, outermost first. */
  readonly chain: readonly string[]
  /** Takes one-way messages into the caller's own commit. */
  readonly outbox?: Outbox | undefined
}

/** What the shard offers to the entities on it. */
export interface EntityHost {
  readonly services: Services
  readonly fence: Fence
  /** Whether the shard is this runner's for certain. Nothing may begin when it is not. */
  mayExecute(): boolean
  /** Commits units under the shard's fence. A fenced one makes the shard give itself up. */
  commit(units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]>
  /** A unit or a transaction was refused by the fence. */
  fenced(): void
  clientPort(scope: CallScope): ClientPort
  /** Messages to entities of this shard were cancelled by a commit. */
  cancelled(messages: readonly RequestId[]): void
  /** Tells the owners of messages that were just stored. */
  handOver(messages: readonly { readonly message: NewMessage; readonly sequence: number }[]): void
  /** Requests to entities of this shard were concluded by a commit that was not their own delivery's. */
  concluded(requests: readonly RequestId[]): void
  /** A one-way message, for a unit of one's own. */
  message(ask: MessageAsk): NewMessage
  /** The state of another entity of this shard. */
  stateOf(contract: AnyEntity, id: string): Promise<HeldState>
  /** Waits for a turn to load state; the returned function gives it back. */
  admit(): Promise<() => void>
  /** The entity is about to leave memory: its streams go on in its next life. */
  leaving(instance: EntityInstance): void
  /** The entity has left memory. Jobs that waited go to its successor, after a pause when it has crashed. */
  removed(instance: LiveEntity, waiting: readonly Job[], crashes: number): void
}
