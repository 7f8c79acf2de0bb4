import type { Metrics } from '@cruster/core/ports'
import type { ClientSource } from './chess-clients.ts'

/** What operators see of a cluster. */
export interface RuntimeStats {
  readonly runners: readonly { readonly address: string; readonly state: string; readonly shards: number }[]
  /** In the memory of the process that answers. */
  readonly entities: { readonly active: number }
}

/** What probes are told. */
export interface Health {
  /** False: only a new process helps. */
  readonly isAlive: boolean
  /** Whether requests can be served. */
  readonly isReady: boolean
  /** What is wrong, for people. */
  readonly problems: readonly string[]
}

/** Where the entities of this application run. */
export interface ChessRuntime extends ClientSource, AsyncDisposable {
  stats(): Promise<RuntimeStats>
  /** How it is at this moment. */
  health(): Health
  readonly metrics: Metrics
  /** Prometheus text. */
  renderMetrics(): string
}
