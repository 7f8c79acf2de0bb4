export type { CronContract, CronImplementation, CronOptions } from './cron/define-cron.ts'
export { cronContract, defineCron } from './cron/define-cron.ts'
export type { PendingRun, RunRecord, ScheduleClient, ScheduleStatus } from './cron/cron-client.ts'
export type { CronContext, CronHandler } from './cron/cron-context.ts'
export type {
  NewSchedule,
  ScheduleHandlers,
  ScheduleInputs,
  SchedulesClient,
  SchedulesContract,
  SchedulesImplementation,
} from './cron/define-schedules.ts'
export { defineSchedules } from './cron/define-schedules.ts'
export type { PutOutcome } from './cron/schedule-contract.ts'
export type { ScheduleOptions } from './cron/schedule-options.ts'
export type { Overlap, RunCause, RunError, RunOutcome } from './cron/schedule-state.ts'
export type { SingletonContract, SingletonImplementation } from './singleton/define-singleton.ts'
export { defineSingleton, singletonContract } from './singleton/define-singleton.ts'
export type { SingletonClient, SingletonPhase, SingletonStatus } from './singleton/singleton-client.ts'
export type { SingletonContext, SingletonRun } from './singleton/singleton-context.ts'
export type { SingletonOptions } from './singleton/singleton-options.ts'
