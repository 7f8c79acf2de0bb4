import { setTimeout as sleep } from 'node:timers/promises'
import { StorageError, isCrusterError } from '@cruster/core'
import type { CallReport } from './client-message.ts'

/** How a call ended, for whoever made it. */
export type CallResult<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'unknown' }
  /** An error that no call of the bank may end with: no handler throws one. */
  | { readonly kind: 'wrong'; readonly text: string }

/** A call that is this much late is taken for one that never settles, so that the run goes on. */
const givenUpAfterMs = 20_000

/** Makes a call with a deadline, and reports how it went and how long it took. */
export async function measuredCall<Value>(
  { what, timeoutMs }: Pick<CallReport, 'what' | 'timeoutMs'>,
  call: (timeout: number) => Promise<Value>,
  report: (report: CallReport) => void,
): Promise<CallResult<Value>> {
  const begun = performance.now()
  const end = (outcome: string): void => {
    report({ what, outcome, tookMs: performance.now() - begun, timeoutMs })
  }
  const hung = new AbortController()
  try {
    const value = await Promise.race([call(timeoutMs), neverSettled(timeoutMs + givenUpAfterMs, hung.signal)])
    end('ok')
    return { kind: 'ok', value }
  } catch (error) {
    end(isCrusterError(error) ? `${error.code} ${error.outcome}` : String(error))
    return resultOf(error)
  } finally {
    hung.abort()
  }
}

class NeverSettled extends Error {}

async function neverSettled(ms: number, signal: AbortSignal): Promise<never> {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    // It has settled.
    return new Promise<never>(() => {})
  }
  throw new NeverSettled('never settled')
}

function resultOf(error: unknown): CallResult<never> {
  if (error instanceof NeverSettled) return { kind: 'unknown' }
  if (!isCrusterError(error)) return { kind: 'wrong', text: String(error) }
  if (error.outcome === 'unknown') return { kind: 'unknown' }
  // A handler whose transaction lost its connection has failed, and left nothing behind: the same as if it had not begun.
  if (error.outcome === 'not-started' || error.code === StorageError.code) return { kind: 'notStarted' }
  return { kind: 'wrong', text: `${error.code}: ${error.message}` }
}
