import type { Discovery } from '@cruster/core/ports'
import type { Time } from '../../eventually.ts'

/** One process's way to the registry, and how to cut it. */
export interface DiscoveryProcess {
  readonly discovery: Discovery
  /** From now on the process reaches nothing and hears nothing, and nobody tells it so. */
  cutOff(): Promise<void>
}

/** An empty registry and what the laws do around it. Disposing it closes every process. */
export interface DiscoveryWorld extends Time, AsyncDisposable {
  /** How long a lease lasts without being renewed. Keep it short where time is real. */
  readonly leaseTtlMs: number
  /** Connects one more process to the registry. */
  connect(): Promise<DiscoveryProcess>
  /** The clock that `leaseDeadline` speaks of. */
  monotonic(): number
}
