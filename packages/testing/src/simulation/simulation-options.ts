import type { Duration } from '@cruster/core'
import type { Clock, Storage } from '@cruster/core/ports'
import type { Registrable, RunnerOptions } from '@cruster/sharding'
import type { ProcessPorts } from '../cluster/test-world.ts'
import type { History } from '../history/history.ts'
import type { Fault, FaultRates } from './fault.ts'
import type { Simulation } from './simulation.ts'
import type { Violation } from './violation.ts'

/** How to simulate a cluster. */
export interface SimulateOptions {
  /** The same seed gives the same run. */
  readonly seed: number
  /** Default 3. */
  readonly runners?: number
  readonly register: readonly Registrable[]
  /** Options of every runner and of the client. The defaults of a simulation are short, so that much happens in little time. */
  readonly config?: RunnerOptions
  /** Default 3 s. */
  readonly leaseTtl?: Duration
  /**
   * What goes wrong: `all` (default), `none`, how often each kind happens on average, or a plan, such as the one of an earlier run.
   */
  readonly faults?: 'all' | 'none' | FaultRates | readonly Fault[]
  /** For how long faults begin. Default 20 s. */
  readonly duration?: Duration
  /** Opens the storage of the run. Default: SQLite in memory. */
  readonly storage?: (clock: Clock) => Promise<Storage>
  /** The work. Time passes while it is awaited; to wait in it, use `simulation.sleep`. */
  readonly run: (simulation: Simulation) => Promise<void>
  /** More work, once every fault is repaired and the cluster is at rest: its calls have to succeed. */
  readonly afterwards?: (simulation: Simulation) => Promise<void>
  /** Judges what callers saw: throws, or returns what is wrong. */
  readonly check?: (history: History, simulation: Simulation) => void | readonly Violation[] | Promise<void>
  /** The command that replays a seed, for the report of a failure. */
  readonly replay?: (seed: number) => string
  /** Looks for a smaller plan of faults that fails as well. Default false. */
  readonly shrink?: boolean
  /** Changes the ports of processes, for tests of the simulator itself. */
  readonly sabotage?: (name: string, ports: ProcessPorts) => ProcessPorts
}

/** The config of simulated runners: everything happens sooner than in production, so that a run of seconds sees all of it. */
export const simulatedConfig: RunnerOptions = {
  shardsPerGroup: 8,
  callTimeout: '6s',
  maxIdleTime: '2s',
  terminationTimeout: '2s',
  abandonAfter: '300ms',
  initialBackoff: '100ms',
  maxBackoff: '1s',
  streamResumeWithin: '2s',
  sweepInterval: '1s',
  scheduleHorizon: '4s',
}
