import type { AnyEntity, EntityImplementation } from '@cruster/core'
import type { Clock, Discovery, Logger, Metrics, Random, Storage, Tracer, Transport } from '@cruster/core/ports'
import type { RunnerOptions } from './runner-config.ts'

/** A ready part of the world, which stays its maker's; or how to open one, which the runner then closes. */
export type Provided<Part> = Part | (() => Promise<Part>)

/** What every runner can be started with. */
export interface RunnerStartOptions {
  readonly storage: Provided<Storage>
  readonly discovery: Provided<Discovery>
  /** How other processes reach this one. Without it the runner lives alone in its process. */
  readonly transport?: Provided<Transport>
  /** `host:port` under which others reach this runner. Port 0 takes a free one. Default `127.0.0.1:0`. */
  readonly address?: string
  /** Implementations that are registered before the runner joins. Those with dependencies: `runner.register`. */
  readonly register?: readonly EntityImplementation[]
  /** Share of the shards relative to other runners. Whole number; 0 takes none. Default 1. */
  readonly weight?: number
  readonly zone?: string
  /** Shard groups that it hosts. Default: those of the registered entities, and `default`. */
  readonly groups?: readonly string[]
  readonly config?: RunnerOptions
  readonly logger?: Logger
  readonly metrics?: Metrics
  readonly tracer?: Tracer
  readonly clock?: Clock
  readonly random?: Random
}

/** Opens a provided part if it is not open yet, and says whether it is the runner's to close. */
export async function provide<Part extends object>(
  provided: Provided<Part>,
): Promise<{ readonly part: Part; readonly isOurs: boolean }> {
  return typeof provided === 'function' ? { part: await provided(), isOurs: true } : { part: provided, isOurs: false }
}

/** An implementation that needs nothing to be bound. */
export type ReadyImplementation = EntityImplementation<AnyEntity>
