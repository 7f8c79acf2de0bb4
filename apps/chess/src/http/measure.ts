import type { Metrics } from '@cruster/core/ports'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'

/** Counts requests and how long they took, by route: the pattern, never the path, which has ids in it. */
export function measure(metrics: Metrics): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'other'
    const labels = { method: c.req.method, route }
    metrics.count('chess_http_requests_total', 1, { ...labels, status: String(c.res.status) })
    metrics.observe('chess_http_request_ms', performance.now() - began, labels)
  }
}
