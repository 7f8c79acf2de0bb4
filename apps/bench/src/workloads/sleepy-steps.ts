import { appendFileSync } from 'node:fs'
import { activity } from 'cruster'
import { defineWorkflow, typed } from '@cruster/workflow'

/** How long a {@link SleepySteps} sleeps between its second and its last step. */
export const sleepMs = 1000

/** Two steps, a second of sleep, one step. */
export const SleepySteps = defineWorkflow('SleepySteps', {
  input: typed<string>(),
  output: typed<string>(),
  key: (id) => id,
  activities: { step: activity<string>() },
})

/**
 * Each step is written down twice: in a file as soon as it runs, and in PostgreSQL in the transaction that records it. A step
 * that is in the file after it was in the table has run although it was committed.
 */
export function sleepySteps(file: string) {
  return SleepySteps.implement({
    activities: {
      step: async ({ tx }, name) => {
        appendFileSync(file, `${name}\n`)
        await tx.query`insert into user_rows (step) values (${name})`
      },
    },
    async run(ctx, id) {
      await ctx.step(`${id} 1`)
      await ctx.step(`${id} 2`)
      await ctx.sleep(sleepMs)
      await ctx.step(`${id} 3`)
      return id
    },
  })
}
