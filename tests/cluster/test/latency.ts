import type { FaultPlan } from '@cruster/core/memory'
import { SeededRandom } from '@cruster/core/memory'

/** A network on which everything takes between 1 and 5 milliseconds, so that calls overlap with what a test does to runners. */
export function latency(seed: number): FaultPlan {
  const random = new SeededRandom(seed)
  return { deliver: () => ({ kind: 'delayed', delayMs: 1 + 4 * random.next() }) }
}
