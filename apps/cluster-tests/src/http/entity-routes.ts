import { Hono } from 'hono'
import { z } from 'zod'
import { CrossEntity } from '../entities/cross-entity.ts'
import { Timer } from '../entities/timer.ts'
import { TraitTest } from '../entities/trait-test.ts'
import { ScheduleTimerWorkflow } from '../workflows/schedule-timer.ts'
import { ApiError } from './api-error.ts'
import { bodyOf, param } from './input.ts'
import type { AppServices } from './services.ts'

const data = z.object({ data: z.string() })
const plan = z.object({ timer_id: z.string().min(1), delay_ms: z.number().min(0) })
const timerName = z.object({ timer_id: z.string() })
const outgoing = z.object({ target_type: z.string(), target_id: z.string(), message: z.string() })
const incoming = z.object({ from: z.string(), message: z.string() })
const game = z.object({ partner_id: z.string(), count: z.int().min(0).max(10_000) })

/** `/trait`: an entity composed of traits. */
export function traitRoutes({ client }: AppServices): Hono {
  const entities = client(TraitTest)
  return new Hono()
    .get('/trait/:id', async (c) => c.json(await entities.get(param(c, 'id')).get()))
    .post('/trait/:id/update', async (c) => {
      const { data: text } = await bodyOf(c, data)
      return c.json(await entities.get(param(c, 'id')).update(text))
    })
    .get('/trait/:id/audit-log', async (c) => c.json(await entities.get(param(c, 'id')).getAuditLog()))
    .get('/trait/:id/version', async (c) => c.json(await entities.get(param(c, 'id')).getVersion()))
}

/** `/timer`: durable sleeps that can be cancelled. */
export function timerRoutes({ client }: AppServices): Hono {
  const timers = client(Timer)
  return new Hono()
    .post('/timer/:id/schedule', async (c) => {
      const id = param(c, 'id')
      const timer = await bodyOf(c, plan)
      await timers.get(id).schedule(timer)
      await client(ScheduleTimerWorkflow).execute({ id, ...timer })
      return c.json(null)
    })
    .post('/timer/:id/start', async (c) => {
      await timers.get(param(c, 'id')).schedule(await bodyOf(c, plan))
      return c.json(null)
    })
    .post('/timer/:id/cancel', async (c) => {
      const { timer_id: name } = await bodyOf(c, timerName)
      return c.json(await timers.get(param(c, 'id')).cancel(name))
    })
    .get('/timer/:id/fires', async (c) => c.json(await timers.get(param(c, 'id')).fires()))
    .post('/timer/:id/clear-fires', async (c) => c.json(await timers.get(param(c, 'id')).clearFires()))
    .get('/timer/:id/pending', async (c) => c.json(await timers.get(param(c, 'id')).pending()))
}

/** `/cross`: entities that call each other. */
export function crossRoutes({ client }: AppServices): Hono {
  const entities = client(CrossEntity)
  return new Hono()
    .post('/cross/:id/send', async (c) => {
      const { target_type: type, target_id: to, message } = await bodyOf(c, outgoing)
      if (type !== CrossEntity.name) throw new ApiError(400, `There is no entity type ${type} to send messages to.`)
      return c.json(await entities.get(param(c, 'id')).send({ to, message }))
    })
    .post('/cross/:id/receive', async (c) =>
      c.json(await entities.get(param(c, 'id')).receive(await bodyOf(c, incoming))),
    )
    .get('/cross/:id/messages', async (c) => c.json(await entities.get(param(c, 'id')).messages()))
    .post('/cross/:id/clear', async (c) => c.json(await entities.get(param(c, 'id')).clear()))
    .post('/cross/:id/ping-pong', async (c) => {
      const { partner_id: partner, count } = await bodyOf(c, game)
      return c.json(await entities.get(param(c, 'id')).pingPong({ partner, count }))
    })
}
