import type { MachineId, RequestId } from '@cruster/core'
import { ShuttingDown, SnowflakeGenerator } from '@cruster/core'
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

  next(): RequestId {
    if (this.#generator === undefined) throw new ShuttingDown()
    return this.#generator.next()
  }
}
