import type { HookContext } from '@cruster/core'
import { clientFactory } from '../client/client-factory.ts'
import { handlerLog } from './handler-log.ts'
import { ownPart } from './registered-entity.ts'
import type { RunOwner } from './run.ts'

/** What lifecycle hooks get: a look at the committed state, and clients. */
export function hookContext(owner: Pick<RunOwner, 'address' | 'host' | 'cell' | 'log'>): HookContext<unknown> {
  const { address, host, cell, log } = owner
  const port = host.clientPort({ origin: 'entity', chain: [] })
  return {
    id: address.id,
    address,
    epoch: host.fence.epoch,
    log: handlerLog(log),
    state: cell.committed.value[ownPart],
    client: clientFactory({ port, services: host.services }, ['public', 'protected']),
  }
}
