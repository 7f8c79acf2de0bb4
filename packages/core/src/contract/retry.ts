import { ConfigError } from '../error/config-error.ts'
import type { Duration } from '../time/duration.ts'
import { parseDuration } from '../time/duration.ts'

/** How a workflow repeats an activity that fails. Between attempts it waits durably: a crash loses no attempt. */
export interface RetryOptions {
  /** How many attempts are made in all, the first one included: a whole number from 1, or Infinity. */
  readonly attempts: number
  /** Whether the pause grows with each attempt. Default `exponential`. */
  readonly backoff?: 'exponential' | 'constant'
  /** The pause before the second attempt. Default 1 s. */
  readonly initial?: Duration
  /** By how much the pause grows with each attempt when it is exponential. Default 2. */
  readonly factor?: number
  /** The longest pause. Default 5 minutes, or `initial` if that is longer. */
  readonly maximum?: Duration
  /** Each pause is shortened by a random part of up to this share, 0 … 1. Default 0.1. */
  readonly jitter?: number
  /**
   * Errors after which no attempt is made: names of error classes or of declared errors, and codes. Cruster's own errors
   * which say that a program is wrong (`CONFIG`, `VALIDATION`, `CODEC`) are never repeated.
   */
  readonly nonRetryable?: readonly string[]
  /** No attempt begins later than this after the first one began. Default: no limit. */
  readonly giveUpAfter?: Duration
}

/** {@link RetryOptions} with every default in place, in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number
  readonly backoff: 'exponential' | 'constant'
  readonly initialMs: number
  readonly factor: number
  readonly maximumMs: number
  readonly jitter: number
  readonly nonRetryable: readonly string[]
  readonly giveUpAfterMs: number | undefined
}

/**
 * Fills in the defaults.
 *
 * @throws ConfigError when a value cannot work.
 */
export function retryPolicy(options: RetryOptions): RetryPolicy {
  const { attempts, backoff = 'exponential', factor = 2, jitter = 0.1, nonRetryable = [], giveUpAfter } = options
  const initialMs = parseDuration(options.initial ?? '1s', 'retry.initial')
  const maximumMs = parseDuration(options.maximum ?? Math.max(300_000, initialMs), 'retry.maximum')
  check(isCount(attempts), 'attempts', attempts)
  check(factor >= 1 && factor < Infinity, 'factor', factor)
  check(jitter >= 0 && jitter <= 1, 'jitter', jitter)
  check(maximumMs >= initialMs, 'maximum', options.maximum)
  const giveUpAfterMs = giveUpAfter === undefined ? undefined : parseDuration(giveUpAfter, 'retry.giveUpAfter')
  const pauses = { backoff, initialMs, factor, maximumMs, jitter }
  return Object.freeze({ attempts, ...pauses, nonRetryable: Object.freeze([...nonRetryable]), giveUpAfterMs })
}

const isCount = (value: number): boolean => value === Infinity || (Number.isInteger(value) && value >= 1)

const allowed = {
  attempts: 'a whole number from 1, or Infinity',
  factor: 'a number from 1',
  jitter: 'a number from 0 to 1',
  maximum: 'at least as long as retry.initial',
}

function check(isValid: boolean, option: keyof typeof allowed, value: unknown): void {
  if (isValid) return
  throw new ConfigError(`retry.${option} must be ${allowed[option]}; it is ${String(value)}.`)
}
