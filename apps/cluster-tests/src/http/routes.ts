import { Hono } from 'hono'
import { ApiError } from './api-error.ts'
import { counterRoutes } from './counter-routes.ts'
import { debugRoutes } from './debug-routes.ts'
import { crossRoutes, timerRoutes, traitRoutes } from './entity-routes.ts'
import { kvRoutes } from './kv-routes.ts'
import type { AppServices } from './services.ts'
import { singletonRoutes } from './singleton-routes.ts'
import { activityRoutes, workflowRoutes } from './workflow-routes.ts'

/** All routes but `/health`, which answers before there is anything to serve. */
export function routes(services: AppServices): Hono {
  const app = new Hono()
  const parts = [counterRoutes, kvRoutes, workflowRoutes, activityRoutes, traitRoutes, timerRoutes, crossRoutes]
  for (const part of [...parts, singletonRoutes, debugRoutes]) app.route('/', part(services))
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path}.` }, 404))
  app.onError((thrown, c) => c.json({ error: thrown.message }, thrown instanceof ApiError ? thrown.status : 500))
  return app
}
