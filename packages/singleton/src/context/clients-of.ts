import type { AnyEntity, ClientFactory, ClientHost, Connectable } from '@cruster/core'

/** The clients that handlers get: of entities, and of contracts that bring their own. */
export function clientsOf(host: ClientHost): ClientFactory {
  const client = (contract: AnyEntity | Connectable<unknown>): unknown =>
    'connect' in contract ? contract.connect(host) : host.client(contract)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one function for both overloads
  return client as ClientFactory
}
