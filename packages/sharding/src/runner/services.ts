import type { Clock, Logger, Metrics, Random, Storage, Tracer } from '@cruster/core/ports'
import type { RunnerConfig } from './runner-config.ts'

/** The world of a runner, as every part of the runtime sees it. */
export interface Services {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
  readonly tracer: Tracer
  readonly config: RunnerConfig
}
