import type { Clock } from '@cruster/core/ports'

/** Resolves after the delay, or as soon as the signal aborts. Never rejects. */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(delayMs, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}
