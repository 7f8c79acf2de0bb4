import type { Clock } from '@cruster/core/ports'

/** Waits for work, but not for longer than a limit. Resolves to whether the work is done; rejects as the work does. */
export function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(limitMs, () => {
      resolve(false)
    })
    work.then(
      () => {
        timer.cancel()
        resolve(true)
      },
      (error: unknown) => {
        timer.cancel()
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what was thrown is what is rejected
        reject(error)
      },
    )
  })
}
