import { defineCron } from 'cruster'
import { FinishedGames, dayOf } from './finished-games.contract.ts'

/** Days that are looked at again, in case nobody ran or the retention was shortened. A day without games costs nothing. */
const daysAgain = 7

/** Every night: forgets games that ended more than `days` days ago. */
export function gameRetention(days: number) {
  return defineCron(
    'game-retention',
    { schedule: '0 4 * * *', catchUp: '7 days', backfill: 'latest', retry: { attempts: 5 } },
    async ({ scheduledAt, client, log, idempotencyKey, signal }) => {
      const finished = client(FinishedGames)
      for (let ago = days + 1; ago <= days + daysAgain; ago += 1) {
        const day = dayOf(scheduledAt.getTime(), ago)
        const options = { idempotencyKey: `${idempotencyKey} ${day}`, signal }
        const forgotten = await finished.get(day).forget(undefined, options)
        if (forgotten > 0) log.info(`${forgotten} games of ${day} were forgotten.`)
      }
    },
  )
}
