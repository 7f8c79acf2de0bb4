import type { NewMessage, Operation } from '@cruster/core/ports'
import type { EntityScope } from '@cruster/sharding/extension'
import { sleep } from '@cruster/sharding/extension'
import { save } from './outgoing.ts'

/** Between two tries to store a message that must not be missing. */
const pauseMs = 200

/** What is needed of the scope of an execution. */
export type WakeScope = Pick<EntityScope, 'commit' | 'log' | 'signal'> & {
  readonly services: Pick<EntityScope['services'], 'clock'>
}

/** Stores a message that wakes an execution, however often it takes. False: its life was over before. Never rejects. */
export async function storeWake(scope: WakeScope, make: () => NewMessage): Promise<boolean> {
  let wake: Operation | undefined
  while (!scope.signal.aborted) {
    try {
      // It cannot be named while this process has no place in the cluster. Once it is named, each try stores the same.
      wake ??= save(make())
      await scope.commit([wake])
      return true
    } catch (error) {
      scope.log.log('warn', 'An execution could not be woken; this is tried again.', { error })
      await sleep(scope.services.clock, pauseMs, scope.signal)
    }
  }
  return false
}
