import type { StopSignal } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'

/** Resolves after `delayMs`, or as soon as the signal aborts. Never rejects: look at the signal afterwards. */
export async function sleep(clock: Clock, delayMs: number, signal?: StopSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(delayMs, done)
    signal?.addEventListener('abort', done, { once: true })
    function done(): void {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
