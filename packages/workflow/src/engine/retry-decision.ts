import type { ErrorData, RetryPolicy } from '@cruster/core'

/** What is known of a failed attempt. */
export interface FailedOnce {
  readonly error: ErrorData
  /** From 1. */
  readonly attempt: number
  /** When the first attempt began, and now, in milliseconds since 1970. */
  readonly firstBegunAt: number
  readonly now: number
  /** From 0 up to 1. */
  readonly random: number
}

/** Errors that say that a program is wrong. */
const hopeless: ReadonlySet<string> = new Set(['CONFIG', 'VALIDATION', 'CODEC'])

/** The pause before the next attempt in milliseconds; undefined: there is none. */
export function retryAfterMs(policy: RetryPolicy | undefined, failed: FailedOnce): number | undefined {
  if (policy === undefined || failed.attempt >= policy.attempts || isFinal(policy, failed.error)) return undefined
  const pauseMs = fullPauseMs(policy, failed.attempt) * (1 - policy.jitter * failed.random)
  const lastMs = policy.giveUpAfterMs === undefined ? Infinity : failed.firstBegunAt + policy.giveUpAfterMs
  return failed.now + pauseMs > lastMs ? undefined : Math.round(pauseMs)
}

function fullPauseMs({ backoff, initialMs, factor, maximumMs }: RetryPolicy, attempt: number): number {
  return backoff === 'constant' ? initialMs : Math.min(maximumMs, initialMs * factor ** (attempt - 1))
}

function isFinal({ nonRetryable }: RetryPolicy, { name, code, family }: ErrorData): boolean {
  if (family === 'cruster' && code !== undefined && hopeless.has(code)) return true
  return nonRetryable.includes(name) || (code !== undefined && nonRetryable.includes(code))
}
