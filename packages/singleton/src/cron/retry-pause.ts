import type { RetryPolicy } from '@cruster/core'

/** The pause after attempt `attempt` (from 1) has failed, in milliseconds. `random` is from [0, 1). */
export function retryPauseMs(policy: RetryPolicy, attempt: number, random: number): number {
  const growth = policy.backoff === 'constant' ? 1 : policy.factor ** (attempt - 1)
  const pause = Math.min(policy.initialMs * growth, policy.maximumMs)
  return Math.round(pause * (1 - policy.jitter * random))
}
