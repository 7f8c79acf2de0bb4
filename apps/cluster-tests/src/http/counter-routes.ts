import { Hono } from 'hono'
import { z } from 'zod'
import { Counter } from '../entities/counter.ts'
import { StatelessCounter } from '../entities/stateless-counter.ts'
import { bodyOf, param } from './input.ts'
import type { AppServices } from './services.ts'

const amount = z.number()

/** `/counter` and `/stateless-counter`, which behave alike. */
export function counterRoutes({ client }: AppServices): Hono {
  const app = new Hono()
  const kinds = { counter: client(Counter), 'stateless-counter': client(StatelessCounter) }
  for (const [path, counters] of Object.entries(kinds)) {
    app.get(`/${path}/:id`, async (c) => c.json(await counters.get(param(c, 'id')).get()))
    app.post(`/${path}/:id/increment`, async (c) =>
      c.json(await counters.get(param(c, 'id')).increment(await bodyOf(c, amount))),
    )
    app.post(`/${path}/:id/decrement`, async (c) =>
      c.json(await counters.get(param(c, 'id')).decrement(await bodyOf(c, amount))),
    )
    app.post(`/${path}/:id/reset`, async (c) => c.json(await counters.get(param(c, 'id')).reset()))
  }
  return app
}
