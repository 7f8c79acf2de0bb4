import { Hono } from 'hono'
import { z } from 'zod'
import { KVStore } from '../entities/kv-store.ts'
import { bodyOf, json, param } from './input.ts'
import type { AppServices } from './services.ts'

const entry = z.object({ key: z.string(), value: json })

/** `/kv`. */
export function kvRoutes({ client }: AppServices): Hono {
  const stores = client(KVStore)
  return new Hono()
    .post('/kv/:id/set', async (c) => c.json(await stores.get(param(c, 'id')).set(await bodyOf(c, entry))))
    .get('/kv/:id/get/:key', async (c) => c.json(await stores.get(param(c, 'id')).get(param(c, 'key'))))
    .delete('/kv/:id/delete/:key', async (c) => c.json(await stores.get(param(c, 'id')).delete(param(c, 'key'))))
    .get('/kv/:id/keys', async (c) => c.json(await stores.get(param(c, 'id')).keys()))
    .post('/kv/:id/clear', async (c) => c.json(await stores.get(param(c, 'id')).clear()))
}
