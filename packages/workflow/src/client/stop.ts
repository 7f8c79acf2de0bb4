import type { StopSignal } from '@cruster/core'

/** Can end a wait. */
export interface Stopper {
  readonly signal: StopSignal
  abort(reason: unknown): void
}

/** Ends a wait, which this signal ends as well if there is one. */
export function stopBeside(signal: AbortSignal | undefined): Stopper {
  if (signal === undefined) return new Stop()
  const controller = new AbortController()
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    abort: (reason) => {
      controller.abort(reason)
    },
  }
}

/** Ends a wait: controller and signal in one, because making the two of the platform takes as long as the rest of a call. */
class Stop implements Stopper, StopSignal {
  #listeners: readonly (() => void)[] = []
  #aborted = false
  #reason: unknown

  get signal(): this {
    return this
  }

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  /** The first reason counts. */
  abort(reason: unknown): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }

  /** Each is called once at the most. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener]
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((one) => one !== listener)
  }
}
