import type { ShardId } from '@cruster/core'
import type { PlacementSettings, ResidentScope, RunningResident, ShardResident } from '@cruster/sharding/extension'
import { addressOf } from '@cruster/sharding/extension'
import { growingPauseMs } from '../context/growing-pause.ts'
import { pause } from '../context/pause.ts'
import type { ScheduleContract } from './schedule-contract.ts'
import type { ScheduleSpec } from './schedule-state.ts'

/** A schedule that the program declares. */
export interface DeclaredSchedule {
  readonly contract: ScheduleContract
  readonly id: string
  readonly spec: ScheduleSpec
}

const pauses = { initialMs: 200, maximumMs: 10_000, jitter: 0.5 }

/** Sees to it that a schedule exists as the program declares it: whenever its shard has a new owner. */
export class ScheduleKeeper implements ShardResident {
  readonly name: string
  readonly #declared: DeclaredSchedule

  constructor(declared: DeclaredSchedule) {
    this.name = `${declared.contract.name} as declared`
    this.#declared = declared
  }

  shard(placement: PlacementSettings): ShardId {
    return addressOf(this.#declared.contract, this.#declared.id, placement).shard
  }

  start(scope: ResidentScope): RunningResident {
    const stopped = new AbortController()
    const done = this.#put(scope, AbortSignal.any([scope.signal, stopped.signal]))
    const stop = (): void => stopped.abort()
    return {
      drain: async () => {
        stop()
        await done
      },
      abandon: stop,
    }
  }

  async #put({ clients, log, services }: ResidentScope, signal: AbortSignal): Promise<void> {
    const { contract, id, spec } = this.#declared
    const { clock, random } = services
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        const outcome = await clients.client(contract).get(id).put(spec, { signal })
        if (outcome !== 'unchanged')
          log.log('info', `The schedule ${contract.name} was ${outcome}.`, { spec: spec.schedule })
        return
      } catch (error) {
        if (signal.aborted) return
        log.log('warn', `The schedule ${contract.name} could not be stored; this is tried again.`, { error })
        await pause(clock, growingPauseMs(pauses, failures, random.next()), signal)
      }
    }
  }
}
