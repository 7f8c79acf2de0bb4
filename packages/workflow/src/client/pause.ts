import type { Clock } from '@cruster/core/ports'

/** Resolves after a time, or as soon as the signal aborts. Never rejects: look at the signal afterwards. */
export async function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(delayMs, end)
    signal?.addEventListener('abort', end, { once: true })
    function end(): void {
      timer.cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
  })
}
