import type { Duration } from '@cruster/core'
import { ConfigError, parseDuration } from '@cruster/core'
import type { PauseGrowth } from '../context/growing-pause.ts'
import type { LifePolicy } from './life.ts'

/** How a singleton is run. */
export interface SingletonOptions {
  /** Which runners it can run on: those that list the group. Default `default`. */
  readonly shardGroup?: string
  /**
   * A job: once a run has returned, it is done for ever, and no run begins any more. A run that was told to stop before it
   * returned is made again. Default false: a run that ends is started again.
   */
  readonly once?: boolean
  /**
   * How long a run may go on after its signal has aborted when its shard moves, at most the runner's `terminationTimeout`; its
   * writes are accepted so long. Default 10 s.
   */
  readonly stopWithin?: Duration
  /** How long after a run has ended by itself the next one begins. Default 1 s. */
  readonly restartAfter?: Duration
  /** How long after a run has failed the next one begins. */
  readonly backoff?: {
    /** After the first failure; it doubles with each. Default 1 s. */
    readonly initial?: Duration
    /** Default 1 minute, or `initial` if that is longer. */
    readonly maximum?: Duration
    /** Each pause is lengthened by a random part of up to this share, 0 … 1. Default 0.2. */
    readonly jitter?: number
  }
  /** A run that fails after it has lasted so long counts as the first failure. Default 1 minute. */
  readonly stableAfter?: Duration
}

/** {@link SingletonOptions} with every default in place, in milliseconds. */
export interface SingletonSettings extends LifePolicy {
  readonly shardGroup: string
  readonly stopWithinMs: number
  readonly restartAfterMs: number
  readonly backoff: PauseGrowth
}

/** @throws ConfigError when an option cannot work. */
export function singletonSettings(options: SingletonOptions): SingletonSettings {
  const {
    shardGroup = 'default',
    once = false,
    stopWithin = '10s',
    restartAfter = '1s',
    stableAfter = '1 minute',
  } = options
  return Object.freeze({
    shardGroup,
    once,
    stopWithinMs: parseDuration(stopWithin, 'stopWithin'),
    restartAfterMs: parseDuration(restartAfter, 'restartAfter'),
    stableAfterMs: parseDuration(stableAfter, 'stableAfter'),
    backoff: pauseGrowth(options.backoff ?? {}),
  })
}

function pauseGrowth({ initial = '1s', maximum, jitter = 0.2 }: NonNullable<SingletonOptions['backoff']>): PauseGrowth {
  const initialMs = parseDuration(initial, 'backoff.initial')
  const maximumMs = parseDuration(maximum ?? Math.max(initialMs, 60_000), 'backoff.maximum')
  if (initialMs === 0) throw new ConfigError('backoff.initial must be longer than nothing.')
  if (maximumMs < initialMs) throw new ConfigError('backoff.maximum must be at least as long as backoff.initial.')
  const isShare = jitter >= 0 && jitter <= 1
  if (!isShare) throw new ConfigError(`backoff.jitter must be a number from 0 to 1; it is ${jitter}.`)
  return { initialMs, maximumMs, jitter }
}
