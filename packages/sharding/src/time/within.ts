import type { Clock } from '@cruster/core/ports'
import { sleep } from './sleep.ts'

/** Waits for work, but not for longer than a limit. Resolves to whether the work is done; its errors are the caller's. */
export async function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const done = new AbortController()
  const finished = work.finally(() => {
    done.abort()
  })
  await Promise.race([finished, sleep(clock, limitMs, done.signal)])
  return done.signal.aborted
}
