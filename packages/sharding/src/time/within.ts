import type { Clock } from '@cruster/core/ports'

/** What becomes of work that has a limit. One of these is called, once. */
export interface Settling<Value> {
  /** What it throws goes to `failed`. */
  done(value: Value): void
  /** The limit has passed first. */
  late(): void
  failed(error: unknown): void
}

/** Waits for work, but not for longer than a limit. Callbacks, for whoever has a promise already: each one more is dear. */
export function settleWithin<Value>(
  clock: Clock,
  { work, limitMs }: { readonly work: Promise<Value>; readonly limitMs: number },
  settling: Settling<Value>,
): void {
  let isLate = false
  const timer = clock.setTimer(limitMs, () => {
    isLate = true
    settling.late()
  })
  const failed = (error: unknown): void => {
    timer.cancel()
    if (!isLate) settling.failed(error)
  }
  const done = (value: Value): void => {
    timer.cancel()
    if (isLate) return
    try {
      settling.done(value)
    } catch (error) {
      settling.failed(error)
    }
  }
  work.then(done, failed)
}

/** As {@link settleWithin}. Resolves to whether the work is done; rejects as the work does. */
export function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settling = {
      done: () => {
        resolve(true)
      },
      late: () => {
        resolve(false)
      },
      failed: reject,
    }
    settleWithin(clock, { work, limitMs }, settling)
  })
}
