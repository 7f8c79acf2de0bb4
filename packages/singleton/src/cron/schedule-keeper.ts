import type { ShardId } from '@cruster/core'
import type { PlacementSettings, ResidentScope, RunningResident, ShardResident } from '@cruster/sharding/extension'
import { addressOf, sleep } from '@cruster/sharding/extension'
import { growingPauseMs } from '../context/growing-pause.ts'
import type { ScheduleContract } from './schedule-contract.ts'

const pauses = { initialMs: 200, maximumMs: 10_000, jitter: 0.5 }

/** Brings a schedule of the program into memory whenever its shard has a new owner: so it is stored as declared, and goes on. */
export class ScheduleKeeper implements ShardResident {
  readonly name: string
  readonly #contract: ScheduleContract
  readonly #id: string

  constructor(contract: ScheduleContract, id: string) {
    this.name = `${contract.name} as declared`
    this.#contract = contract
    this.#id = id
  }

  shard(placement: PlacementSettings): ShardId {
    return addressOf(this.#contract, this.#id, placement).shard
  }

  start(scope: ResidentScope): RunningResident {
    const stopped = new AbortController()
    const done = this.#wake(scope, AbortSignal.any([scope.signal, stopped.signal]))
    const stop = (): void => stopped.abort()
    return {
      drain: async () => {
        stop()
        await done
      },
      abandon: stop,
    }
  }

  async #wake({ clients, log, services }: ResidentScope, signal: AbortSignal): Promise<void> {
    const { clock, random } = services
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        await clients.client(this.#contract).get(this.#id).look(undefined, { signal })
        return
      } catch (error) {
        if (signal.aborted) return
        log.log('warn', `The schedule ${this.#contract.name} could not be activated; this is tried again.`, { error })
        await sleep(clock, growingPauseMs(pauses, failures, random.next()), signal)
      }
    }
  }
}
