import type { MachineId, RequestId } from '../address/identifiers.ts'
import { machineId, requestId } from '../address/identifiers.ts'
import { ClockDriftExceeded } from '../error/clock-drift-exceeded.ts'
import { ConfigError } from '../error/config-error.ts'
import type { Clock } from '../ports/clock.ts'

/** 2025-01-01T00:00:00Z. The 42 bits of a timestamp last until 2164. */
export const snowflakeEpoch = Date.UTC(2025, 0)

const machineIds = 2 ** 10
const sequences = 2 ** 12
const warnAboveMs = 100
const maxDriftMs = 5000

/** What a snowflake is made of. */
export interface SnowflakeParts {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly machineId: MachineId
  /** 0 … 4095: its number within the millisecond. */
  readonly sequence: number
}

export interface SnowflakeOptions {
  /** Told once when the wall clock falls more than 100 ms behind the newest id, and again the next time. */
  readonly onDrift?: (driftMs: number) => void
}

/**
 * Makes ids that are unique in the cluster and grow: 42 bits of milliseconds since 2025, 10 bits of machine id, 12 bits of
 * sequence, most significant first.
 *
 * Each id is larger than all before it of the same generator. Time within it is logical: when a millisecond's 4096 ids are used
 * up, the next millisecond is taken early instead of waiting for it; when the wall clock goes back, the newest timestamp stays.
 * Both let the wall clock fall behind; more than 5 s behind, no id is made, because a successor with the same machine id, who
 * knows only the wall clock, could make it again.
 *
 * An id takes 0.05 µs. Arithmetic on pairs of numbers instead of a bigint was not faster.
 */
export class SnowflakeGenerator {
  readonly #clock: Clock
  readonly #machineId: MachineId
  readonly #onDrift: (driftMs: number) => void
  /** Milliseconds since the epoch of snowflakes. */
  #timestamp = 0
  #sequence = 0
  #hasWarned = false
  /** The first id of this millisecond. */
  #first = 0n

  /** @throws ConfigError when the machine id is not a whole number from 0 to 1023. */
  constructor(clock: Clock, id: MachineId, options: SnowflakeOptions = {}) {
    if (!Number.isInteger(id) || id < 0 || id >= machineIds) {
      throw new ConfigError(`${id} is not a machine id. A machine id is a whole number from 0 to ${machineIds - 1}.`)
    }
    this.#clock = clock
    this.#machineId = id
    this.#onDrift = options.onDrift ?? ((): void => {})
    this.#begin(0)
  }

  /**
   * The next id, in decimal.
   *
   * @throws ClockDriftExceeded while the wall clock is more than 5 s behind.
   */
  next(): RequestId {
    return requestId(String(this.nextBigint()))
  }

  /** As {@link next}, as a number. */
  nextBigint(): bigint {
    this.#advance()
    return this.#first + BigInt(this.#sequence)
  }

  #advance(): void {
    const now = Math.floor(this.#clock.now()) - snowflakeEpoch
    if (now > this.#timestamp) {
      this.#hasWarned = false
      return this.#begin(now)
    }
    this.#checkDrift(this.#timestamp - now)
    if (this.#sequence + 1 < sequences) this.#sequence += 1
    else this.#begin(this.#timestamp + 1)
  }

  #begin(timestamp: number): void {
    this.#first = (BigInt(timestamp) << 22n) | BigInt(this.#machineId << 12)
    this.#timestamp = timestamp
    this.#sequence = 0
  }

  #checkDrift(driftMs: number): void {
    if (driftMs > maxDriftMs) throw new ClockDriftExceeded(driftMs)
    if (driftMs <= warnAboveMs || this.#hasWarned) return
    this.#hasWarned = true
    this.#onDrift(driftMs)
  }
}

/**
 * What a snowflake is made of.
 *
 * @throws ConfigError when it is not a snowflake; the id of a request with an idempotency key is none.
 */
export function parseSnowflake(id: string | bigint): SnowflakeParts {
  const value = toBigint(id)
  if (value === undefined || value < 0n || value >= 2n ** 64n) {
    throw new ConfigError(`"${id}" is not a snowflake. A snowflake is a whole number of 64 bits, in decimal.`)
  }
  return {
    timestamp: Number(value >> 22n) + snowflakeEpoch,
    machineId: machineId(Number((value >> 12n) & 0x3ffn)),
    sequence: Number(value & 0xfffn),
  }
}

function toBigint(id: string | bigint): bigint | undefined {
  if (typeof id === 'bigint') return id
  return /^\d{1,20}$/u.test(id) ? BigInt(id) : undefined
}
