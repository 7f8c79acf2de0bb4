import { Hono } from 'hono'
import type { Database, Row } from '../database/database.ts'
import { TickerControl } from '../entities/ticker.ts'
import type { AppServices } from './services.ts'

const columns = 'runner_id, tick_count, last_tick_at, became_leader_at, graceful_shutdown_at'

/** `/singleton`: what the ticker has written. */
export function singletonRoutes({ client, database }: AppServices): Hono {
  return new Hono()
    .get('/singleton/state', async (c) => {
      const row = await tickerRow(database)
      return c.json(row === undefined ? null : { ...row, tick_count: Number(row['tick_count']) })
    })
    .get('/singleton/tick-count', async (c) => c.json(Number((await tickerRow(database))?.['tick_count'] ?? 0)))
    .get('/singleton/current-runner', async (c) => {
      const runner: unknown = (await tickerRow(database))?.['runner_id']
      return c.json(typeof runner === 'string' ? runner : '')
    })
    .post('/singleton/reset', async (c) => c.json(await client(TickerControl).get('ticker').reset()))
}

async function tickerRow({ rows }: Database): Promise<Row | undefined> {
  const [row] = await rows(`select ${columns} from ct_singleton`)
  return row
}
