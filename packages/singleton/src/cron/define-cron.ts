import type { ClientHost, Connectable } from '@cruster/core'
import { checkName } from '../context/check-name.ts'
import type { Installable } from '@cruster/sharding/extension'
import type { ScheduleClient } from './cron-client.ts'
import { scheduleClient } from './cron-client.ts'
import type { CronHandler } from './cron-context.ts'
import { ScheduleKeeper } from './schedule-keeper.ts'
import type { ScheduleKind } from './schedule-instance.ts'
import { ScheduleInstance } from './schedule-instance.ts'
import type { ScheduleOptions } from './schedule-options.ts'
import { scheduleSpec } from './schedule-options.ts'
import { scheduleContract } from './schedule-contract.ts'

/** How a schedule of the program is declared. */
export interface CronOptions extends ScheduleOptions {
  /** Which runners run it: those that list the group. Default `default`. */
  readonly shardGroup?: string
}

/** Names a schedule of the program: safe to import where its handler is not. */
export interface CronContract extends Connectable<ScheduleClient> {
  readonly kind: 'cron'
  readonly name: string
}

/** A schedule with its handler: what a runner registers. */
export interface CronImplementation extends CronContract, Installable<ScheduleClient> {}

/**
 * The contract of a schedule by its name, for clients in processes that do not have the handler.
 *
 * @throws ConfigError when the name cannot be used.
 */
export function cronContract(name: string, { shardGroup }: Pick<CronOptions, 'shardGroup'> = {}): CronContract {
  checkName('cron', name)
  const contract = scheduleContract(`Cron/${name}`, shardGroup)
  return Object.freeze({ kind: 'cron', name, connect: (host: ClientHost) => scheduleClient(host, contract, name) })
}

/**
 * Declares a schedule: `run` is called at the times of a cron expression, by one runner of the cluster. Each fire is recorded once,
 * whatever fails; a run that was interrupted by a crash or a hand-over is made again.
 *
 * What the program says is stored when the schedule's shard gets an owner: of two versions of a program that run side by
 * side, the one that took the shard last decides.
 *
 * @throws ConfigError when the name or an option cannot work.
 */
export function defineCron(name: string, options: CronOptions, run: CronHandler): CronImplementation {
  const { shardGroup, ...schedule } = options
  const spec = scheduleSpec(schedule, name)
  const contract = scheduleContract(`Cron/${name}`, shardGroup)
  const kind: ScheduleKind = {
    contract,
    declared: spec,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its schedule has no input
    handler: (wanted) => (wanted === name ? (run as CronHandler<unknown>) : undefined),
    announce: () => [],
  }
  const named = cronContract(name, shardGroup === undefined ? {} : { shardGroup })
  return Object.freeze({
    ...named,
    install: (host) => {
      host.register({ contract, create: (scope) => new ScheduleInstance(kind, scope) })
      host.reside(new ScheduleKeeper(contract, name))
      return named.connect(host)
    },
  } satisfies CronImplementation)
}
