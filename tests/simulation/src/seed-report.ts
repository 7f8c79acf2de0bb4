import type { Violation } from '@cruster/testing'

/** What a run of one seed came to. */
export interface SeedReport {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly operations: number
  readonly faults: number
  readonly virtualMs: number
  /** Histories of entities for which the search for an order was given up. */
  readonly undecided: number
}
