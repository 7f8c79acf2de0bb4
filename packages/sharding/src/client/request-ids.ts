import type { MachineId, RequestId, StopSignal } from '@cruster/core'
import { RunnerUnavailable, SnowflakeGenerator } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import { sleep } from '../time/sleep.ts'

/** Makes request ids under the machine id of the membership of the moment. */
export class RequestIds {
  readonly #clock: Clock
  readonly #log: Logger
  #generator: SnowflakeGenerator | undefined
  readonly #waiters = new Set<() => void>()

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  /** Ids carry this machine id from now on. */
  use(machineId: MachineId): void {
    this.#generator = new SnowflakeGenerator(this.#clock, machineId, {
      onDrift: (driftMs) => {
        this.#log.log('warn', 'The wall clock has gone backwards.', { driftMs })
      },
    })
    for (const wake of this.#waiters) wake()
  }

  /** Whether an id can be made now. */
  get areAvailable(): boolean {
    return this.#generator !== undefined
  }

  /** Resolves when ids can be made, at the latest when the time is over or the signal aborts. */
  async available(limitMs: number, signal?: StopSignal): Promise<void> {
    if (this.areAvailable) return
    const joined = new AbortController()
    const wake = (): void => {
      joined.abort()
    }
    this.#waiters.add(wake)
    signal?.addEventListener('abort', wake)
    if (signal?.aborted !== true) await sleep(this.#clock, limitMs, joined.signal)
    signal?.removeEventListener('abort', wake)
    this.#waiters.delete(wake)
  }

  /** The machine id is not this process's any more: no id is made until there is another. */
  revoke(): void {
    this.#generator = undefined
  }

  /** @throws RunnerUnavailable while this process has no place in the cluster. */
  next(): RequestId {
    if (this.#generator === undefined) {
      const cause = 'it has lost its place in the cluster and is joining again'
      throw new RunnerUnavailable('of this process', { outcome: 'not-started', cause })
    }
    return this.#generator.next()
  }
}
