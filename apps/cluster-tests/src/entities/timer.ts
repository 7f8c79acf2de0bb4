import { activity, defineEntity, rpc } from '@cruster/core'
import { ScheduleTimerWorkflow } from '../workflows/schedule-timer.ts'

/** A timer that has fired. */
export interface Fire {
  readonly timer_id: string
  readonly scheduled_at: string
  readonly fired_at: string
}

/** A timer that has not. */
export interface PendingTimer {
  readonly timer_id: string
  readonly scheduled_at: string
  readonly delay_ms: number
  readonly cancelled: boolean
}

/** The timers of one id: which are pending, and which have fired. Their durable sleeps are workflows. */
export const Timer = defineEntity('TimerTest', {
  state: () => ({ pending: [] as PendingTimer[], fires: [] as Fire[] }),
  methods: {
    /** Begins a timer; one of this name that is there already stays as it is. */
    schedule: activity<{ timer_id: string; delay_ms: number }>(),
    /** Called by the workflow when the time has come. */
    fire: activity<string, boolean>(),
    cancel: activity<string, boolean>(),
    fires: rpc<void, readonly Fire[]>(),
    pending: rpc<void, readonly PendingTimer[]>(),
    clearFires: activity<void, null>(),
  },
})

export const timer = Timer.implement({
  schedule: async ({ id, state, client }, { timer_id, delay_ms }) => {
    const isKnown = [...state.pending, ...state.fires].some((each) => each.timer_id === timer_id)
    if (!isKnown) {
      state.pending.push({ timer_id, scheduled_at: new Date().toISOString(), delay_ms, cancelled: false })
    }
    // Stored with the state: there is no timer without its workflow.
    await client(ScheduleTimerWorkflow).start({ id, timer_id, delay_ms })
  },
  fire: ({ state }, timer_id) => {
    const found = state.pending.find((each) => each.timer_id === timer_id)
    state.pending = state.pending.filter((each) => each.timer_id !== timer_id)
    if (found === undefined || found.cancelled) return false
    state.fires.push({ timer_id, scheduled_at: found.scheduled_at, fired_at: new Date().toISOString() })
    return true
  },
  cancel: ({ state }, timer_id) => {
    const index = state.pending.findIndex((each) => each.timer_id === timer_id && !each.cancelled)
    const found = state.pending[index]
    if (found === undefined) return false
    state.pending[index] = { ...found, cancelled: true }
    return true
  },
  fires: ({ state }) => state.fires,
  pending: ({ state }) => state.pending.filter(({ cancelled }) => !cancelled),
  clearFires: ({ state }) => {
    state.fires = []
    return null
  },
})
