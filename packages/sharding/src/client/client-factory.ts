import type {
  AnyEntity,
  ClientFactory,
  ClientHost,
  HostServices,
  Connectable,
  EntityClient,
  EntityMethods,
} from '@cruster/core'
import { ConfigError } from '@cruster/core'
import type { ClientPort } from './client-port.ts'
import { createEntityClient } from './entity-client.ts'

/** On which standing clients are made: outside of entities, or in one. */
export type Standing = 'public' | 'protected'

interface Made {
  readonly port: ClientPort
  readonly services: HostServices
}

/** Makes clients on a port: of entity contracts, and of contracts that bring their own client. */
export function clientFactory<V extends Standing>(made: Made, visible: readonly V[]): ClientFactory<V> {
  function client<C extends AnyEntity>(contract: C): EntityClient<EntityMethods<C>, V>
  function client<Client>(contract: Connectable<Client>): Client
  function client(contract: AnyEntity | Connectable<unknown>): unknown {
    if (isEntity(contract)) return createEntityClient(contract, made.port, visible)
    if (typeof contract?.connect === 'function') return contract.connect(clientHost(made))
    throw new ConfigError(
      'client() takes a contract: one made by defineEntity, or by another define function of Cruster.',
    )
  }
  return client
}

/** Where clients that are made in other packages make their calls. */
export function clientHost({ port, services }: Made): ClientHost {
  return { port, services, client: (contract) => createEntityClient(contract, port, ['public']) }
}

function isEntity(contract: AnyEntity | Connectable<unknown> | undefined): contract is AnyEntity {
  return contract !== undefined && 'kind' in contract && contract.kind === 'entity'
}
