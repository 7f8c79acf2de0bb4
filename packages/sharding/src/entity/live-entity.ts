import type { DeactivateReason, EntityAddress, Interrupted } from '@cruster/core'
import type { Job } from './job.ts'
import type { AnyRegistered } from './registered-entity.ts'

/** An entity in memory, whatever kind it is: what its shard does with it. */
export interface LiveEntity {
  readonly entity: AnyRegistered
  readonly address: EntityAddress
  readonly phase: string
  /** It takes no more calls at the moment. */
  readonly isFull: boolean
  offer(job: Job): void
  /** Takes back a job that has not started. False when it has. */
  withdraw(job: Job): boolean
  /** How long nothing has happened here, in milliseconds; 0 while something does. */
  quietMs(now: number): number
  /** Lets a quiet entity leave memory, unless it objects. */
  evict(): Promise<void>
  /** Turns away what waits, and resolves when what runs has ended and is stored. The entity is gone then. */
  drain(reason: DeactivateReason): Promise<void>
  /** Aborts what runs. */
  abort(reason: Error): void
  /** The shard is somebody else's: turns everybody away at once. Nothing that runs can take effect any more. */
  abandon(reason: Error): void
  /** Stops what runs, answers what waits, and makes the entity anew. */
  interrupt(reason: Interrupted): void
}
