import type { Clock } from '@cruster/core/ports'

/** Waits for work, but not for longer than a limit. Resolves to whether the work is done; rejects as the work does. */
export function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(limitMs, () => {
      resolve(false)
    })
    work
      .then(() => {
        resolve(true)
      }, reject)
      .finally(() => {
        timer.cancel()
      })
  })
}
