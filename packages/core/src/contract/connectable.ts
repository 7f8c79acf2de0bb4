import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { Storage } from '../ports/storage.ts'
import type { EntityClient } from './client.ts'
import type { ClientPort } from './client-port.ts'
import type { AnyEntity, EntityMethods } from './entity-contract.ts'

/** What a process offers to the clients that are made in it, beside calls. */
export interface HostServices {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Undefined in a process that has none: owners store and look things up for it. */
  readonly storage: Storage | undefined
  readonly config: {
    /** Deadline of calls that name none. */
    readonly callTimeoutMs: number
    readonly maxPayloadBytes: number
    readonly idempotencyRetentionMs: number
    readonly initialBackoffMs: number
    readonly maxBackoffMs: number
  }
}

/** Where a client is made: outside of entities, or in a handler, whose identity and commit its calls then have. */
export interface ClientHost {
  /** The client of an entity type, on this host. */
  client<C extends AnyEntity>(contract: C): EntityClient<EntityMethods<C>>
  /** Calls by target, for clients that build their targets themselves. */
  readonly port: ClientPort
  readonly services: HostServices
}

/** A contract that makes its own client, so that `client(contract)` of runners, clients and handlers takes it. */
export interface Connectable<Client> {
  readonly connect: (host: ClientHost) => Client
}

/** Makes clients: of entities, and of contracts that bring their own. */
export interface ClientFactory<Visible extends 'public' | 'protected' = 'public'> {
  <C extends AnyEntity>(contract: C): EntityClient<EntityMethods<C>, Visible>
  <Client>(contract: Connectable<Client>): Client
}
