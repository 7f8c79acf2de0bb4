import type { MachineId, RequestId } from '@cruster/core'
import { RunnerUnavailable, SnowflakeGenerator } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'

/** Makes request ids under the machine id of the membership of the moment. */
export class RequestIds {
  readonly #clock: Clock
  readonly #log: Logger
  #generator: SnowflakeGenerator | undefined

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
