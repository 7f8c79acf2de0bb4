import type { Clock, Discovery, Logger, Metrics, Random, Storage, Tracer, Transport } from '@cruster/core/ports'
import type { Registrable } from '../extension/installable.ts'
import type { RunnerOptions } from './runner-config.ts'

/** A ready part of the world, which stays its maker's; or how to open one, which the runner then closes. */
export type Provided<Part> = Part | (() => Promise<Part>)

/** What runners and clients alike are started with. */
export interface SurroundingsOptions {
  readonly discovery: Provided<Discovery>
  /** How processes reach each other. A runner without it lives alone in its process. */
  readonly transport?: Provided<Transport>
  readonly config?: RunnerOptions
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger
  readonly metrics?: Metrics
  readonly tracer?: Tracer
  readonly clock?: Clock
  readonly random?: Random
}

/** What every runner can be started with. */
export interface RunnerStartOptions extends SurroundingsOptions {
  readonly storage: Provided<Storage>
  /** `host:port` under which others reach this runner. Port 0 takes a free one. Default `127.0.0.1:0`. */
  readonly address?: string
  /** What is registered before the runner joins: implementations, of entities and others. Those with dependencies: `it.with(deps)`. */
  readonly register?: readonly Registrable[]
  /** Share of the shards relative to other runners. Whole number; 0 takes none. Default 1. */
  readonly weight?: number
  readonly zone?: string
  /** Shard groups that it hosts. Default: those of the registered entities, and `default`. */
  readonly groups?: readonly string[]
}

/** Opens a provided part if it is not open yet, and says whether it is the runner's to close. */
export async function provide<Part extends object>(
  provided: Provided<Part>,
): Promise<{ readonly part: Part; readonly isOurs: boolean }> {
  return typeof provided === 'function' ? { part: await provided(), isOurs: true } : { part: provided, isOurs: false }
}
