import { RunnerUnavailable } from '@cruster/core'
import type { RunnerAddress } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import type { ClientCall } from './client-call.ts'

export interface Admission {
  readonly address: RunnerAddress
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly timeoutMs: number
}

/**
 * Waits until the other side has let the call in. Ends the call when that does not happen.
 *
 * @throws RunnerUnavailable with outcome `not-started`: when it was refused, the time is over, or the signal aborts.
 */
export function untilAdmitted(call: ClientCall, { address, signal, clock, timeoutMs }: Admission): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', onAbort)
    }
    const refuse = (cause: unknown): void => {
      settle()
      reject(new RunnerUnavailable(address, { outcome: 'not-started', cause }))
      call.line.breakDown(cause)
    }
    const onAbort = (): void => refuse(signal.reason)
    const timer = clock.setTimer(timeoutMs, () => refuse(`it did not answer within ${timeoutMs} ms`))
    signal.addEventListener('abort', onAbort)
    void call.admitted.then(() => {
      settle()
      resolve()
    })
    void call.line.closed.then((reason) => refuse(reason?.cause ?? 'the transport was closed'))
    if (signal.aborted) onAbort()
  })
}
