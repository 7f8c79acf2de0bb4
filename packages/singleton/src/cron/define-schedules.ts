import type { ClientHost, Connectable } from '@cruster/core'
import { ConfigError } from '@cruster/core'
import type { NewMessage } from '@cruster/core/ports'
import type { EntityScope, Installable } from '@cruster/sharding/extension'
import { checkName } from '../context/check-name.ts'
import type { Catalogue } from './catalogue.ts'
import { catalogueId, catalogueOf, implementCatalogue } from './catalogue.ts'
import type { ScheduleClient } from './cron-client.ts'
import { scheduleClient } from './cron-client.ts'
import type { CronContext, CronHandler } from './cron-context.ts'
import type { PutOutcome, ScheduleContract } from './schedule-contract.ts'
import { scheduleContract } from './schedule-contract.ts'
import { ScheduleInstance } from './schedule-instance.ts'
import type { ScheduleOptions } from './schedule-options.ts'
import { scheduleSpec } from './schedule-options.ts'

/** The input of each handler, by its name. */
export type ScheduleInputs = Readonly<Record<string, unknown>>

/** A schedule that is made while the program runs: when, which handler, and with what. */
export type NewSchedule<Inputs extends ScheduleInputs> = ScheduleOptions &
  {
    readonly [Name in keyof Inputs & string]: Inputs[Name] extends undefined | void
      ? { readonly handler: Name; readonly input?: undefined }
      : { readonly handler: Name; readonly input: Inputs[Name] }
  }[keyof Inputs & string]

/** Makes, finds and deletes the schedules of one kind. */
export interface SchedulesClient<Inputs extends ScheduleInputs> {
  /** Makes a schedule, or changes the one of that id. A schedule that is paused stays so. @throws ConfigError for what cannot work. */
  put(id: string, schedule: NewSchedule<Inputs>): Promise<PutOutcome>
  /** Ends a schedule, with its queue and its history; a run that has begun is aborted. False: there was none. */
  delete(id: string): Promise<boolean>
  /** The client of one schedule, whether it exists or not. */
  get(id: string): ScheduleClient
  /** Ids of all schedules; one that was just made or deleted is seen a moment later. */
  list(): Promise<readonly string[]>
}

/** A handler for each name. */
export type ScheduleHandlers<Inputs extends ScheduleInputs> = {
  readonly [Name in keyof Inputs & string]: (context: CronContext<Inputs[Name]>) => unknown
}

/** Schedules with their handlers: what a runner registers. */
export interface SchedulesImplementation<Inputs extends ScheduleInputs>
  extends Connectable<SchedulesClient<Inputs>>, Installable<SchedulesClient<Inputs>> {
  readonly kind: 'schedulesImplementation'
  readonly name: string
}

/** A kind of schedules that are made while the program runs: safe to import where the handlers are not. */
export interface SchedulesContract<Inputs extends ScheduleInputs> extends Connectable<SchedulesClient<Inputs>> {
  readonly kind: 'schedules'
  readonly name: string
  /** Binds a handler to each name. Runs of a handler that a runner does not have wait for one that has it. */
  implement(handlers: ScheduleHandlers<Inputs>): SchedulesImplementation<Inputs>
}

/**
 * Declares a kind of schedules that are made, changed and deleted while the program runs; `Inputs` says which handlers there are
 * and what they are given.
 *
 * @throws ConfigError when the name cannot be used.
 */
export function defineSchedules<Inputs extends ScheduleInputs>(
  name: string,
  { shardGroup }: { readonly shardGroup?: string } = {},
): SchedulesContract<Inputs> {
  checkName('kind of schedules', name)
  const schedules = scheduleContract(`Schedule/${name}`, shardGroup)
  const catalogue = catalogueOf(name, shardGroup)
  const connect = (host: ClientHost): SchedulesClient<Inputs> => schedulesClient(host, schedules, catalogue)
  return Object.freeze({
    kind: 'schedules' as const,
    name,
    connect,
    implement: (handlers: ScheduleHandlers<Inputs>) => {
      const byName = handlersByName(name, handlers)
      const kind = {
        contract: schedules,
        declared: undefined,
        handler: (wanted: string) => byName.get(wanted),
        announce: (scope: EntityScope, exists: boolean) => announce(scope, catalogue, exists),
      }
      return Object.freeze({
        kind: 'schedulesImplementation' as const,
        name,
        connect,
        install: (host) => {
          host.register({ contract: schedules, create: (scope) => new ScheduleInstance(kind, scope) })
          host.register(implementCatalogue(catalogue))
          return connect(host)
        },
      } satisfies SchedulesImplementation<Inputs>)
    },
  })
}

function handlersByName(kind: string, handlers: object): ReadonlyMap<string, CronHandler<unknown>> {
  const entries = Object.entries(handlers).map(([name, handler]: readonly [string, unknown]) => {
    if (typeof handler !== 'function')
      throw new ConfigError(`The handler ${name} of the schedules ${kind} is no function.`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by ScheduleHandlers; the input by the client
    return [name, handler as CronHandler<unknown>] as const
  })
  return new Map(entries)
}

function announce(scope: EntityScope, contract: Catalogue, exists: boolean): readonly NewMessage[] {
  const name = exists ? 'add' : 'remove'
  const target = { contract, id: catalogueId, name, method: contract.methods[name] }
  return [scope.message(target, scope.address.id)]
}

function schedulesClient<Inputs extends ScheduleInputs>(
  host: ClientHost,
  schedules: ScheduleContract,
  catalogue: Catalogue,
): SchedulesClient<Inputs> {
  const client = host.client(schedules)
  return {
    put: async (id, schedule) => client.get(id).put(scheduleSpec(schedule, schedule.handler, schedule.input)),
    delete: async (id) => client.get(id).delete(),
    get: (id) => scheduleClient(host, schedules, id),
    list: async () => host.client(catalogue).get(catalogueId).list(),
  }
}
