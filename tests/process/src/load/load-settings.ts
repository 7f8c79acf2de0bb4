import type { RunnerOptions } from '@cruster/sharding'

/** What a load is started with. */
export interface LoadSettings {
  readonly name: string
  readonly etcdEndpoint: string
  readonly prefix: string
  readonly config: RunnerOptions
  /** Counters that are incremented, each one call after the other. */
  readonly ids: readonly string[]
  /** Between the answer to a call and the next one, per counter. */
  readonly pauseMs: number
  /** Of each call. */
  readonly timeoutMs: number
}

/** A call that did not end with an answer. */
export interface FailedCall {
  readonly id: string
  readonly operation: string
  readonly code: string
  readonly outcome: string
  readonly tookMs: number
}

/** How a load went. */
export interface LoadReport {
  /** Operations that were answered, by counter. */
  readonly acknowledged: Readonly<Record<string, readonly string[]>>
  readonly failed: readonly FailedCall[]
  readonly calls: number
  /** The longest that a call took, whatever its end. */
  readonly slowestMs: number
  /** The longest between two answers of one counter, less the pause: by counter. */
  readonly longestGapMs: Readonly<Record<string, number>>
  readonly medianMs: number
  readonly p99Ms: number
}
