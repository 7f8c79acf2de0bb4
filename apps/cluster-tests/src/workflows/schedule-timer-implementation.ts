import { Timer } from '../entities/timer.ts'
import { ScheduleTimerWorkflow } from './schedule-timer.ts'

export const scheduleTimerWorkflow = ScheduleTimerWorkflow.implement({
  activities: {
    fire: ({ client, idempotencyKey }, { id, timer_id }) => client(Timer).get(id).fire(timer_id, { idempotencyKey }),
  },
  run: async (ctx, { id, timer_id, delay_ms }) => {
    await ctx.sleep(delay_ms)
    return ctx.fire({ id, timer_id })
  },
})
