import type { DeferredKey } from '@cruster/core'

/** Names a deferred and types its value, for the workflow that waits for it and for those who resolve it. */
export function deferredKey<Value = void>(name: string): DeferredKey<Value> {
  return Object.freeze({ kind: 'deferred', name })
}
