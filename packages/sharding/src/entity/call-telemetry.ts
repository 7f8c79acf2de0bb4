import { noMetrics, noTracer } from '@cruster/core'
import type { Services } from '../runner/services.ts'
import type { Job } from './job.ts'

/** What an execution came to. */
type Measured = { readonly kind: 'returned' } | { readonly kind: 'threw'; readonly error: unknown }

/** Measures one execution of a handler. Call the returned function with what it came to. */
export function measureCall({ clock, metrics, tracer }: Services, job: Job): (attempt: Measured) => void {
  if (metrics === noMetrics && tracer === noTracer) return unmeasured
  const { name } = job.method
  const { type } = job.address
  const startedAt = clock.monotonic()
  const span = tracer.start(`${type}.${name}`, { kind: 'server', parent: job.request.trace })
  return (attempt) => {
    const labels = { type, method: name, outcome: attempt.kind }
    metrics.count('cruster_calls_total', 1, labels)
    metrics.observe('cruster_call_duration_ms', clock.monotonic() - startedAt, labels)
    span.end(attempt.kind === 'threw' ? attempt.error : undefined)
  }
}

function unmeasured(): void {
  // Nobody wants to know.
}
