import type { Random } from '@cruster/core/ports'

const firstMs = 5
const longestMs = 500

/**
 * The pauses of one call. They grow, and begin anew with each newer owner: who has just locked a shard takes its requests a
 * few milliseconds later, and nobody announces that.
 */
export class RetryPauses {
  #count = 0
  #newestEpoch = 0

  /** An owner is being asked, under this epoch of the shard. */
  asks(epoch: number): void {
    if (epoch > this.#newestEpoch) this.restart()
    this.#newestEpoch = Math.max(epoch, this.#newestEpoch)
  }

  restart(): void {
    this.#count = 0
  }

  nextMs(random: Random): number {
    this.#count += 1
    return retryPauseMs(this.#count, random)
  }
}

/** How long a call waits for news before its next attempt: growing, jittered so that callers do not come back at once. */
export function retryPauseMs(count: number, random: Random): number {
  const pause = Math.min(firstMs * 1.6 ** (count - 1), longestMs)
  return pause * (0.5 + random.next())
}
