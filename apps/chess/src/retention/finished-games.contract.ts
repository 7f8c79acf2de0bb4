import { activity, defineEntity, persisted, rpc } from '@cruster/core'

export interface FinishedDay {
  /** Game ids. */
  gameIds: readonly string[]
}

/** Games that ended on one day. The id is the day, in UTC, as `2027-01-31`. */
export const FinishedGames = defineEntity('FinishedGames', {
  state: persisted({ initial: (): FinishedDay => ({ gameIds: [] }) }),
  methods: {
    add: activity<{ gameId: string }>({ visibility: 'protected' }),
    count: rpc<void, number>(),
    /** Has every game of the day forgotten. Answers how many there were. */
    forget: activity<void, number>(),
  },
})

const dayMs = 86_400_000

/** The day of a moment, in milliseconds since 1970; `ago` days before it. */
export function dayOf(at: number, ago = 0): string {
  return new Date(at - ago * dayMs).toISOString().slice(0, 10)
}
