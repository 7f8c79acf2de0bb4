import type { NativeHandler } from '@cruster/sharding/extension'

/**
 * Handlers by the names of their methods. A class, because what a literal makes for each execution V8 may take for long-lived, and with it
 * the whole execution: decision 0012.
 */
export class HandlerTable {
  [method: string]: NativeHandler
}
