import type { RunnerState } from '@cruster/core/ports'
import type { RunnerConfig } from './runner-config.ts'

/** How a runner is, for probes and people. */
export interface RunnerHealth {
  /**
   * Whether it makes progress: its own rounds come to an end, whether they succeed or not. A process whose runner does not
   * should be ended and started again.
   */
  readonly isAlive: boolean
  /**
   * Whether it does what it is there for: it has its place and its shards, its ownership is certain, storage answers, and no
   * stored message waits for too long.
   */
  readonly isReady: boolean
  /** What is wrong, for people. Empty when it is alive and ready. */
  readonly problems: readonly string[]
  readonly state: RunnerState | 'stopped'
  readonly ownedShards: number
  /**
   * For how long the longest waiting stored message could have been begun, in milliseconds; 0 when none waits. Not counted are
   * those in a pause after a failed delivery.
   */
  readonly oldestDueMs: number
}

/** What health is judged by. Ages in milliseconds. */
export interface HealthFacts {
  readonly state: RunnerHealth['state']
  readonly ownedShards: number
  /** Whether it has a place in the cluster, and ownership is certain at this moment. */
  readonly isCertain: boolean
  /** For how long shards have been on their way to it or from it. */
  readonly unsettledMs: number
  /** Since its last round ended, and since one succeeded. */
  readonly lastRoundMs: number
  readonly lastSuccessMs: number
  readonly oldestDueMs: number
}

type Limits = Pick<RunnerConfig, 'stuckAfterMs' | 'maxDueAgeMs' | 'sweepIntervalMs'>

/** Judges a runner. Pure. */
export function judgeHealth(facts: HealthFacts, limits: Limits): RunnerHealth {
  const { state, ownedShards, oldestDueMs } = facts
  const ills = [...deadly(facts, limits), ...disabling(facts, limits)]
  return {
    isAlive: deadly(facts, limits).length === 0,
    isReady: ills.length === 0,
    problems: ills,
    state,
    ownedShards,
    oldestDueMs,
  }
}

/** What only a new process cures. */
function deadly({ state, lastRoundMs }: HealthFacts, { stuckAfterMs, sweepIntervalMs }: Limits): readonly string[] {
  if (state === 'stopped') return ['The runner has stopped.']
  if (lastRoundMs <= stuckAfterMs + 2 * sweepIntervalMs) return []
  return [`The last round of work ended ${text(lastRoundMs)} ago: something does not answer, and does not fail either.`]
}

function disabling(facts: HealthFacts, { stuckAfterMs, maxDueAgeMs, sweepIntervalMs }: Limits): readonly string[] {
  const { state, isCertain, unsettledMs, lastSuccessMs, oldestDueMs } = facts
  if (state === 'stopped') return []
  const ills: readonly (readonly [boolean, string])[] = [
    [state !== 'active', `The runner is ${state}.`],
    [state === 'active' && !isCertain, 'The runner has no certain place in the cluster; it joins again by itself.'],
    [unsettledMs > stuckAfterMs, `Shards have been on their way for ${text(unsettledMs)}.`],
    [lastSuccessMs > stuckAfterMs + 2 * sweepIntervalMs, `Storage has not answered for ${text(lastSuccessMs)}.`],
    [oldestDueMs > maxDueAgeMs, `A stored message is due since ${text(oldestDueMs)} and was not begun.`],
  ]
  return ills.flatMap(([isIll, what]) => (isIll ? [what] : []))
}

const text = (ms: number): string => `${Math.round(ms / 1000)} s`
