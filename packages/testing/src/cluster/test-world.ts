import type { Registrable, RunnerOptions } from '@cruster/sharding'
import type { MemoryCluster, MemoryLogger, MemoryNetwork } from '@cruster/core/memory'
import type { Clock, Discovery, Storage, Transport } from '@cruster/core/ports'
import type { Partitions } from './partitions.ts'

/** The ports that one process of a runner is given. */
export interface ProcessPorts {
  readonly clock: Clock
  readonly storage: Storage
  readonly discovery: Discovery
  readonly transport: Transport
}

/** Puts something between a process and the world, such as delays or an eye on what is stored. */
export interface Surround {
  /** The storage behind the gate of a process: what passes here has reached storage. */
  storage(name: string, storage: Storage): Storage
  /** The ports as the runner sees them. */
  ports(name: string, ports: ProcessPorts): ProcessPorts
}

/** What all processes of a test cluster share. */
export interface TestWorld {
  readonly clock: Clock
  readonly storage: Storage
  readonly registry: MemoryCluster
  readonly network: MemoryNetwork
  readonly partitions: Partitions
  readonly logger: MemoryLogger
  readonly register: readonly Registrable[]
  readonly config: RunnerOptions
  readonly surround?: Surround
  /** A seed for each process that starts. */
  readonly nextSeed: () => number
}
