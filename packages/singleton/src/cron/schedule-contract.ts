import { activity, rpc } from '@cruster/core'
import type { Method, PlainTypes } from '@cruster/core'
import type { HiddenEntity } from '@cruster/sharding/extension'
import { hiddenEntity } from '@cruster/sharding/extension'
import type { RunFailure } from './schedule-event.ts'
import type { ScheduleSpec, ScheduleState } from './schedule-state.ts'

/** What became of a `put`. */
export type PutOutcome = 'created' | 'replaced' | 'unchanged'

type Activity<Input, Output, Visible extends 'public' | 'private' = 'public'> = Method<
  'activity',
  PlainTypes<Input, Output>,
  Visible
>

/** What can be asked of a schedule, and what it sends itself. */
export type ScheduleMethods = {
  readonly put: Activity<ScheduleSpec, PutOutcome>
  readonly delete: Activity<void, boolean>
  readonly pause: Activity<string | undefined, boolean>
  readonly resume: Activity<void, boolean>
  readonly trigger: Activity<void, number>
  readonly backfill: Activity<{ readonly from: number; readonly to: number }, number>
  readonly look: Method<'rpc', PlainTypes<void, ScheduleState>, 'public'>
  readonly wake: Activity<{ readonly wake: number }, void, 'private'>
  readonly run: Activity<{ readonly run: number; readonly attempt: number }, void, 'private'>
  readonly ended: Activity<
    { readonly run: number; readonly attempt: number; readonly error?: RunFailure },
    void,
    'private'
  >
}

/** Schedules of one kind: a native entity type. */
export type ScheduleContract = HiddenEntity<ScheduleMethods>

const methods: ScheduleMethods = {
  put: activity<ScheduleSpec, PutOutcome>(),
  delete: activity<void, boolean>(),
  pause: activity<string | undefined, boolean>(),
  resume: activity<void, boolean>(),
  trigger: activity<void, number>(),
  backfill: activity<{ from: number; to: number }, number>(),
  look: rpc<void, ScheduleState>(),
  wake: activity<{ wake: number }>({ visibility: 'private' }),
  run: activity<{ run: number; attempt: number }>({ visibility: 'private' }),
  ended: activity<{ run: number; attempt: number; error?: RunFailure }>({ visibility: 'private' }),
}

/** The contract of schedules of one kind, such as `Cron/cleanup`. */
export function scheduleContract(name: string, shardGroup: string | undefined): ScheduleContract {
  return hiddenEntity(name, shardGroup === undefined ? { methods } : { methods, shardGroup })
}
