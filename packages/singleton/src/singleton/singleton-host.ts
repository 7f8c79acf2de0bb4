import type { EntityAddress, ShardId } from '@cruster/core'
import { entityKey } from '@cruster/core'
import type {
  EntityScope,
  NativeInstance,
  PlacementSettings,
  ResidentScope,
  RunnerHost,
  RunningResident,
  ShardResident,
} from '@cruster/sharding/extension'
import { addressOf } from '@cruster/sharding/extension'
import type { LifePhase } from './life.ts'
import { LiveSingleton } from './live-singleton.ts'
import type { SingletonEntity, SingletonPhase, SingletonReport } from './singleton-client.ts'
import type { SingletonRun } from './singleton-context.ts'
import type { SingletonSettings } from './singleton-options.ts'
import { decodeRecord, noRecord } from './singleton-record.ts'

/** A singleton with its code. */
export interface SingletonParts {
  readonly name: string
  readonly settings: SingletonSettings
  readonly entity: SingletonEntity
  readonly run: SingletonRun
}

/** A singleton in one runner: lives there while the runner owns its shard, and answers how it is doing. */
export class SingletonHost implements ShardResident {
  readonly name: string
  readonly #parts: SingletonParts
  readonly #runner: RunnerHost
  #live: LiveSingleton | undefined

  constructor(parts: SingletonParts, runner: RunnerHost) {
    this.name = parts.entity.name
    this.#parts = parts
    this.#runner = runner
  }

  shard(placement: PlacementSettings): ShardId {
    return this.#address(placement).shard
  }

  start(scope: ResidentScope): RunningResident {
    const { name, settings, run } = this.#parts
    const address = this.#address(this.#runner.placement)
    const live = new LiveSingleton({ name, settings, run, scope, address, runner: this.#runner.address() })
    this.#live = live
    return live
  }

  /** The entity on the same shard that is asked how the singleton is doing. */
  answering(scope: EntityScope): NativeInstance {
    return { handlers: { report: async () => this.#report(scope) } }
  }

  #address(placement: PlacementSettings): EntityAddress {
    return addressOf(this.#parts.entity, this.#parts.name, placement)
  }

  async #report({ services, address }: EntityScope): Promise<SingletonReport> {
    const stored = await services.storage.states.load(address)
    const record = stored === undefined ? noRecord : decodeRecord(stored.state, entityKey(address))
    const { phase, failures, dueAt } = this.#live?.status ?? absent
    return {
      runner: record.runner,
      epoch: record.epoch,
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      doneAt: record.doneAt,
      runs: record.runs,
      failures: record.failures,
      lastFailure: record.lastFailure,
      phase: told[phase],
      nextStartAt: dueAt,
      failuresInARow: failures,
    }
  }
}

const absent = { phase: 'over', failures: 0, dueAt: undefined } as const

const told: Readonly<Record<LifePhase, SingletonPhase>> = {
  preparing: 'starting',
  running: 'running',
  recording: 'resting',
  resting: 'resting',
  done: 'done',
  stopping: 'stopping',
  lastRecording: 'stopping',
  over: 'absent',
}
