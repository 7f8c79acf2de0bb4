import type { ClientHost, StopSignal } from '@cruster/core'
import { DeadlineExceeded, Interrupted, isCrusterError, parseDuration } from '@cruster/core'
import { sleep } from '@cruster/sharding/extension'
import type { ResultAnswer, ResultQuestion } from '../protocol/result.ts'
import type { ResultOptions } from './workflow-client.ts'

/** One question lasts no longer, so that lines and owners may change between two. */
const longestWaitMs = 20_000
/** What a question may last beyond its wait: the way to the owner, and a hand-over meanwhile. */
const graceMs = 10_000
const firstPauseMs = 50
const longestPauseMs = 5000

/** Trouble on the way to the owner, which passes. The execution itself knows nothing of it. */
const passing: ReadonlySet<string> = new Set([
  'RUNNER_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERRUPTED',
  'MAILBOX_FULL',
  'STORAGE',
  'ENTITY_NOT_FOUND',
])

/** Asks the owner once. */
export type AskResult = (
  question: Pick<ResultQuestion, 'waitMs'>,
  call: { readonly timeout: number; readonly signal?: StopSignal },
) => Promise<ResultAnswer>

/** How long a caller waits. */
export interface Patience {
  readonly timeout?: ResultOptions['timeout'] | undefined
  readonly signal?: StopSignal | undefined
}

/** What is waited for, and how long. */
export interface ResultWait<Output> extends Patience {
  /** For people: `ProcessOrder/o1`. */
  readonly what: string
  readonly ask: AskResult
  /** What the wait comes to with the answer. What it throws is what the wait throws. */
  readonly read: (answer: ResultAnswer) => Output
}

/**
 * Waits for the end of an execution, in calls of bounded length, from owner to owner.
 *
 * @throws DeadlineExceeded past the time limit, Interrupted when the signal aborts; the execution goes on.
 */
export async function waitForResult<Output>({ services }: ClientHost, wait: ResultWait<Output>): Promise<Output> {
  const { clock } = services
  const limitMs = wait.timeout === undefined ? Infinity : parseDuration(wait.timeout, 'timeout')
  const begunAt = clock.monotonic()
  let pauseMs = firstPauseMs
  for (;;) {
    const leftMs = limitMs - (clock.monotonic() - begunAt)
    checkWait(wait, leftMs, limitMs)
    const answer = await askOnce(wait, leftMs)
    if (answer instanceof Error) {
      await sleep(clock, Math.min(pauseMs, Math.max(0, leftMs)), wait.signal)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    } else if (answer.kind === 'running') {
      pauseMs = firstPauseMs
    } else {
      return wait.read(answer)
    }
  }
}

function checkWait({ what, signal }: ResultWait<unknown>, leftMs: number, limitMs: number): void {
  if (signal?.aborted === true) {
    throw new Interrupted(`The wait for the result of ${what}`, { outcome: 'unknown', cause: signal.reason })
  }
  if (leftMs <= 0) throw new DeadlineExceeded(what, limitMs, { outcome: 'unknown' })
}

/** The answer, or trouble that passes. */
async function askOnce({ ask, signal }: ResultWait<unknown>, leftMs: number): Promise<ResultAnswer | Error> {
  const waitMs = Math.min(longestWaitMs, leftMs)
  const timeout = Math.min(longestWaitMs + graceMs, leftMs)
  try {
    return await ask({ waitMs }, signal === undefined ? { timeout } : { timeout, signal })
  } catch (error) {
    if (isCrusterError(error) && passing.has(error.code) && signal?.aborted !== true) return error
    throw error
  }
}
