import { defineEntity, rpc } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'
import { defineSingleton } from '@cruster/singleton'

/** The only row of the ticker's table. */
const row = 1

/** Ticks once a second on one runner. At a graceful stop it leaves a note, which the next run clears. */
export const ticker = defineSingleton('ticker', { stopWithin: '5s' }, async ({ tx, sleep, signal, runner }) => {
  await tx((sql) => begin(sql, runner))
  try {
    while (!signal.aborted) {
      await sleep('1s')
      await tx(tick)
    }
  } finally {
    // Refused when the shard was lost: then there is nothing graceful to tell of.
    if (signal.aborted) await tx(leaveNote).catch(() => undefined)
  }
})

async function begin(sql: SqlTransaction, runner: string): Promise<void> {
  const now = new Date().toISOString()
  await sql.query`
    insert into ct_singleton (id, runner_id, tick_count, became_leader_at) values (${row}, ${runner}, 0, ${now})
    on conflict (id) do update set runner_id = excluded.runner_id, became_leader_at = excluded.became_leader_at,
      graceful_shutdown_at = null`
}

async function tick(sql: SqlTransaction): Promise<void> {
  const now = new Date().toISOString()
  await sql.query`update ct_singleton set tick_count = tick_count + 1, last_tick_at = ${now} where id = ${row}`
}

async function leaveNote(sql: SqlTransaction): Promise<void> {
  await sql.query`update ct_singleton set graceful_shutdown_at = ${new Date().toISOString()} where id = ${row}`
}

/** Starts the count of the ticker again. */
export const TickerControl = defineEntity('TickerControl', { methods: { reset: rpc<void, null>({ persisted: true }) } })

export const tickerControl = TickerControl.implement({
  reset: async ({ tx }) => {
    await tx.query`update ct_singleton set tick_count = 0 where id = ${row}`
    return null
  },
})
