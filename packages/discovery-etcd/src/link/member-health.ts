import { DiscoveryError } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import { isPassing } from './discovery-failure.ts'

/** How long a member of etcd that failed is passed over. Then one call finds out whether it is back. */
const avoidMs = 3_000

/**
 * Which members of etcd failed lately. Calls go to the others as long as there are any: a member whose machine is gone does
 * not refuse calls but lets them wait, and without this every third call of a cluster of three would.
 */
export class MemberHealth {
  readonly #clock: Clock
  /** When a member failed last, on the monotonic clock. */
  readonly #failures = new Map<string, number>()

  constructor(clock: Clock, members: readonly string[]) {
    this.#clock = clock
    for (const member of members) this.#failures.set(member, -Infinity)
  }

  /** Calls a member, unless it is passed over: then rejects without calling. */
  async call<T>(member: string, call: () => Promise<T>): Promise<T> {
    if (this.#isAvoided(member)) {
      if (this.#areOthersFine(member)) throw new DiscoveryError(`${member} has failed lately; another member is asked.`)
    } else if (this.#failures.get(member) !== -Infinity) {
      // This call finds out; others go on avoiding the member until it has.
      this.#failures.set(member, this.#clock.monotonic())
    }
    try {
      const result = await call()
      this.#failures.set(member, -Infinity)
      return result
    } catch (cause) {
      if (isPassing(cause)) this.#failures.set(member, this.#clock.monotonic())
      throw cause
    }
  }

  #isAvoided(member: string): boolean {
    return this.#clock.monotonic() - (this.#failures.get(member) ?? -Infinity) < avoidMs
  }

  #areOthersFine(member: string): boolean {
    return [...this.#failures.keys()].some((other) => other !== member && !this.#isAvoided(other))
  }
}
