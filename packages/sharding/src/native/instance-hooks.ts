import type { Logger } from '@cruster/core/ports'
import type { NativeInstance } from '../extension/native-entity.ts'

/** Tells an instance that its shard is being given up. What it throws is logged. */
export function tellDraining(instance: NativeInstance | undefined, log: () => Logger): void {
  try {
    instance?.draining?.()
  } catch (error) {
    log().log('error', 'draining() threw.', { error })
  }
}

/** Whether an instance wants to stay in memory. One that throws does not. */
export function wantsToStay(instance: NativeInstance | undefined, log: () => Logger): boolean {
  try {
    return instance?.onIdle?.() === true
  } catch (error) {
    log().log('error', 'onIdle threw; the entity is evicted.', { error })
    return false
  }
}
