import type { Duration } from '@cruster/core'
import type { FaultPlan, VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import type { Registrable, RunnerOptions } from '@cruster/sharding'

/** One runner of a test cluster, where it differs from the others. */
export interface TestRunnerOptions {
  /** Default: what the cluster registers. */
  readonly register?: readonly Registrable[]
  /** Share of the shards relative to other runners. Default 1. */
  readonly weight?: number
  readonly zone?: string
  /** Shard groups that it hosts. Default: those of what it registers, and `default`. */
  readonly groups?: readonly string[]
  /** Changes to the cluster's config. */
  readonly config?: RunnerOptions
}

/** How to start a {@link TestCluster}. */
export interface TestClusterOptions {
  /** How many, or each by itself. Default 1. */
  readonly runners?: number | readonly TestRunnerOptions[]
  readonly register?: readonly Registrable[]
  /**
   * `virtual` (default): time moves only when the test says so, and every run with one seed is like the other. `system`: real
   * time, for what waits for the world outside. Give the clock of a former cluster to go on with its `storage`: ids of requests
   * are made of the time, and would be known already.
   */
  readonly clock?: 'virtual' | 'system' | VirtualClock
  /** Of all randomness in the cluster. Default 1. */
  readonly seed?: number
  /** Options of every runner and of the client. */
  readonly config?: RunnerOptions
  /** How long a runner that is gone keeps its shards. Default 10 s. */
  readonly leaseTtl?: Duration
  /** Stays the caller's to close. Default: SQLite in memory. */
  readonly storage?: Storage
  /** Delays and broken lines on the network between the runners. Default: none. */
  readonly faults?: FaultPlan
}
