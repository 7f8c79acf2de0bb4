import type { Metrics } from '@cruster/core/ports'
import type { ClientSource } from './chess-clients.ts'

/** What operators see of a cluster. */
export interface RuntimeStats {
  readonly runners: readonly { readonly address: string; readonly state: string; readonly shards: number }[]
  /** In the memory of the process that answers. */
  readonly entities: { readonly active: number }
}

/** Where the entities of this application run. */
export interface ChessRuntime extends ClientSource, AsyncDisposable {
  stats(): Promise<RuntimeStats>
  /** Whether it can serve at this moment. */
  isReady(): boolean
  readonly metrics: Metrics
  /** Prometheus text. */
  renderMetrics(): string
}
