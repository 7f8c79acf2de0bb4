import type { StepContext } from '@cruster/core'
import { activity, defineEntity } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'

/** A table of the user's, in the same database: what activities have done, once for each commit. */
export const Effects = defineEntity('Effects', {
  methods: {
    /** Makes the table. */
    open: activity(),
    all: activity<void, string[]>(),
  },
})

export const effects = Effects.implement({
  open: async ({ tx }) => {
    await tx.execute({ sql: 'create table if not exists effects (what text not null)', parameters: [] })
  },
  all: async ({ tx }) => {
    const rows = await tx.query<{ what: string }>`select what from effects order by what`
    return rows.map(({ what }) => what)
  },
})

/** Writes a line to the table, in the transaction of the activity. */
export async function effect({ tx }: Pick<StepContext, 'tx'> | { tx: SqlTransaction }, what: string): Promise<void> {
  await tx.query`insert into effects (what) values (${what})`
}
