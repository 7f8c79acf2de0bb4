import { activity } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'

/** A timer of one id. */
export interface TimerPlan {
  readonly id: string
  readonly timer_id: string
  readonly delay_ms: number
}

/** Sleeps durably, then has the timer fire. */
export const ScheduleTimerWorkflow = defineWorkflow('ScheduleTimerWorkflow', {
  input: typed<TimerPlan>(),
  output: typed<boolean>(),
  key: ({ id, timer_id }) => `${id}/${timer_id}`,
  activities: { fire: activity<{ id: string; timer_id: string }, boolean>({ retry: { attempts: 10 } }) },
})
