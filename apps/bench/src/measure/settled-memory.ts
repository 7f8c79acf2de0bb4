import { setTimeout as pause } from 'node:timers/promises'

/** Memory after what can be freed was freed. Needs `--expose-gc`. */
export async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  if (globalThis.gc === undefined) throw new Error('Memory is measured in a process with --expose-gc.')
  for (let round = 0; round < 3; round++) {
    await pause(100)
    await globalThis.gc({ type: 'major', execution: 'async' })
  }
  return process.memoryUsage()
}
