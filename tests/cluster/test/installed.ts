import type { AnyEntity, EntityClient, EntityMethods } from '@cruster/core'
import type { EntityScope, Installable, NativeInstance, ShardResident } from '@cruster/sharding/extension'

/** A native entity type, ready to be registered. */
export function native<C extends AnyEntity>(
  contract: C,
  create: (scope: EntityScope) => NativeInstance,
): Installable<EntityClient<EntityMethods<C>>> {
  return {
    install: (host) => {
      host.register({ contract, create })
      return host.client(contract)
    },
  }
}

/** A resident, ready to be registered. */
export const resident = (given: ShardResident): Installable<void> => ({
  install: (host) => {
    host.reside(given)
  },
})
