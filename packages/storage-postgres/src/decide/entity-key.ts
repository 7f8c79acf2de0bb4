import type { EntityAddress } from '@cruster/core'

/** States and executions have no shard of their own: what hosts an entity may change, what it is does not. */
export function keyOf(address: Pick<EntityAddress, 'type' | 'id'>): string {
  if (address !== last.address) last = { address, key: `${address.type.length}:${address.type}${address.id}` }
  return last.key
}

/** An operation asks for the key of its address several times in a row. */
let last: { readonly address: Pick<EntityAddress, 'type' | 'id'> | undefined; readonly key: string } = {
  address: undefined,
  key: '',
}
