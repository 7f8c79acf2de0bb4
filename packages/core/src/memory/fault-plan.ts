import type { Frame } from '../ports/frame.ts'

/** What happens to frames on their way. A line that is broken is over for both sides. */
export type DeliveryFate = { readonly kind: 'delayed'; readonly delayMs: number } | { readonly kind: 'broken' }

/** Decides about faults. Deterministic plans make deterministic runs: draw lots from a seeded random. */
export interface FaultPlan {
  /**
   * Asked for each batch of frames between two nodes when it sets out. Undefined: it arrives at once. Whatever is sent while a
   * batch is delayed waits behind it.
   */
  deliver(from: string, to: string, frames: readonly Frame[]): DeliveryFate | undefined
}
