import { activity } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'
import type { Execution } from './executions.ts'

interface Logged {
  readonly id: string
  readonly entry: string
  readonly action: string
}

/** Activities that each write a line to a log. */
export const ActivityWorkflow = defineWorkflow('ActivityWorkflow', {
  input: typed<Execution>(),
  output: typed<readonly string[]>(),
  key: ({ id, exec_id }) => `${id}/${exec_id}`,
  activities: { write: activity<Logged, string>() },
})

export const activityWorkflow = ActivityWorkflow.implement({
  activities: {
    write: async ({ tx }, { id, entry, action }) => {
      const timestamp = new Date().toISOString()
      await tx.query`
        insert into ct_activity_log (entity_id, id, action, timestamp) values (${id}, ${entry}, ${action}, ${timestamp})`
      return entry
    },
  },
  run: async (ctx, { id, exec_id }) => {
    const entries: string[] = []
    for (const action of ['start', 'process', 'complete']) {
      entries.push(await ctx.write({ id, entry: `${exec_id}-${action}`, action }))
    }
    return entries
  },
})
