import { defineEntity, rpc } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'
import type { Database } from '../database/database.ts'

/** A counter without state of the framework: its value is in a table of its own. */
export const StatelessCounter = defineEntity('StatelessCounter', {
  methods: {
    get: rpc<void, number>(),
    increment: rpc<number, number>({ persisted: true }),
    decrement: rpc<number, number>({ persisted: true }),
    reset: rpc<void, null>({ persisted: true }),
  },
})

export const statelessCounter = StatelessCounter.implement(({ database }: { readonly database: Database }) => ({
  get: async ({ id }) => {
    const [row] = await database.rows('select value from ct_stateless_counters where id = ?', [id])
    return Number(row?.['value'] ?? 0)
  },
  increment: ({ tx, id }, amount) => add(tx, id, amount),
  decrement: ({ tx, id }, amount) => add(tx, id, -amount),
  reset: async ({ tx, id }) => {
    await tx.query`
      insert into ct_stateless_counters (id, value) values (${id}, 0) on conflict (id) do update set value = 0`
    return null
  },
}))

async function add(tx: SqlTransaction, id: string, amount: number): Promise<number> {
  const [row] = await tx.query<{ value: unknown }>`
    insert into ct_stateless_counters (id, value) values (${id}, ${amount})
    on conflict (id) do update set value = ct_stateless_counters.value + excluded.value returning value`
  return Number(row?.value)
}
