import type { Continuation, EntityAddress } from '@cruster/core'

/** Tells a caller of a workflow method to go on asking the execution. */
export function continuation({ type, id }: Pick<EntityAddress, 'type' | 'id'>, waitedMs: number): Continuation {
  return { '~continuation': { type, id, method: 'outcome', waitedMs } }
}
