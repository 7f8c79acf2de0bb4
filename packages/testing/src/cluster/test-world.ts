import type { RunnerOptions } from '@cruster/sharding'
import type { MemoryCluster, MemoryLogger, MemoryNetwork } from '@cruster/core/memory'
import type { Clock, Storage } from '@cruster/core/ports'
import type { Partitions } from './partitions.ts'
import type { Registration } from './test-cluster-options.ts'

/** What all processes of a test cluster share. */
export interface TestWorld {
  readonly clock: Clock
  readonly storage: Storage
  readonly registry: MemoryCluster
  readonly network: MemoryNetwork
  readonly partitions: Partitions
  readonly logger: MemoryLogger
  readonly register: readonly Registration[]
  readonly config: RunnerOptions
  /** A seed for each process that starts. */
  readonly nextSeed: () => number
}
