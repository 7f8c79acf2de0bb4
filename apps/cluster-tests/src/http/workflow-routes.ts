import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { ActivityWorkflow } from '../workflows/activity-workflow.ts'
import { executionsOf } from '../workflows/executions.ts'
import { OrderWorkflow } from '../workflows/order.ts'
import { SqlTransferWorkflow } from '../workflows/sql-transfer.ts'
import { FailingWorkflow, LongWorkflow, SimpleWorkflow } from '../workflows/step-workflows.ts'
import { bodyOf, param } from './input.ts'
import type { AppServices } from './services.ts'

const execution = z.object({ exec_id: z.string().min(1) })
const failing = execution.extend({ fail_at: z.int() })
const long = execution.extend({ steps: z.int().min(0).max(10_000) })
const transfer = z.object({ to_entity: z.string(), amount: z.number() })
const order = z.object({ item_count: z.int(), amount: z.number() })

/** `/workflow`: executions that record their steps. */
export function workflowRoutes({ client, database }: AppServices): Hono {
  return new Hono()
    .post('/workflow/:id/run-simple', async (c) => {
      const input = { id: param(c, 'id'), ...(await bodyOf(c, execution)) }
      return c.json(await client(SimpleWorkflow).execute(input))
    })
    .post('/workflow/:id/run-failing', async (c) => {
      const input = { id: param(c, 'id'), ...(await bodyOf(c, failing)) }
      return c.json(await client(FailingWorkflow).execute(input))
    })
    .post('/workflow/:id/run-long', async (c) => {
      const input = { id: param(c, 'id'), ...(await bodyOf(c, long)) }
      return c.json(await client(LongWorkflow).execute(input))
    })
    .get('/workflow/:id/execution/:exec_id', async (c) => {
      const all = await executionsOf(database, param(c, 'id'))
      return c.json(all.find(({ id }) => id === param(c, 'exec_id')) ?? null)
    })
    .get('/workflow/:id/executions', async (c) => c.json(await executionsOf(database, param(c, 'id'))))
}

/** `/activity`, `/sql-activity` and `/activity-group`: what activities write. */
export function activityRoutes({ client, database }: AppServices): Hono {
  const transferred = async (id: string, body: z.output<typeof transfer>, fails: boolean): Promise<number> =>
    client(SqlTransferWorkflow).execute({ id, ...body, fails, transfer_id: randomUUID() })
  return new Hono()
    .post('/activity/:id/run', async (c) => {
      const input = { id: param(c, 'id'), ...(await bodyOf(c, execution)) }
      return c.json(await client(ActivityWorkflow).execute(input))
    })
    .get('/activity/:id/log', async (c) => {
      const sql = 'select id, action, timestamp from ct_activity_log where entity_id = ? order by position'
      return c.json(await database.rows(sql, [param(c, 'id')]))
    })
    .post('/sql-activity/:id/transfer', async (c) =>
      c.json(await transferred(param(c, 'id'), await bodyOf(c, transfer), false)),
    )
    .post('/sql-activity/:id/failing-transfer', async (c) =>
      c.json(await transferred(param(c, 'id'), await bodyOf(c, transfer), true)),
    )
    .get('/sql-activity/:id/state', async (c) => {
      const id = param(c, 'id')
      const [row] = await database.rows('select transfer_count, total_transferred from ct_accounts where id = ?', [id])
      const { transfer_count: count = 0, total_transferred: total = 0 } = row ?? {}
      return c.json({ account_id: id, transfer_count: Number(count), total_transferred: Number(total) })
    })
    .get('/sql-activity/:id/sql-count', async (c) => {
      const [row] = await database.rows('select count(*) as n from ct_transfers where from_id = ?', [param(c, 'id')])
      return c.json(Number(row?.['n']))
    })
    .post('/activity-group/:id/process-order', async (c) => {
      const input = { id: param(c, 'id'), ...(await bodyOf(c, order)) }
      return c.json(await client(OrderWorkflow).execute(input))
    })
    .get('/activity-group/:id/order-steps', async (c) => {
      const sql = 'select step, detail, created_at from ct_order_steps where order_id = ? order by position'
      return c.json(await database.rows(sql, [param(c, 'id')]))
    })
}
