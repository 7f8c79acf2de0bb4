import { macrotask } from './macrotask.ts'

/** Callbacks that run together, in order, when the work that is ready now is done. */
export class DeferredCallbacks {
  #waiting: (() => void)[] = []

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(callback: () => void): void {
    if (this.isEmpty) macrotask(() => this.run())
    this.#waiting.push(callback)
  }

  /** Runs what is waiting now; what is added meanwhile waits for the next time. */
  run(): void {
    const ready = this.#waiting
    this.#waiting = []
    for (const callback of ready) runIsolated(callback)
  }
}

/** An error of one callback reaches the host as uncaught; it does not keep the others from running. */
function runIsolated(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
