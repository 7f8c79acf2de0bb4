import { expect, it } from 'vitest'
import { noMetrics } from '../../src/system/no-metrics.ts'
import { noTracer } from '../../src/system/no-tracer.ts'

it('measures nothing', () => {
  expect([noMetrics.count('a_total'), noMetrics.gauge('b', 1), noMetrics.observe('c_ms', 1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

it('traces nothing', () => {
  const span = noTracer.start('call', { kind: 'client', parent: '00-a-b-01' })

  span.end(new Error('m'))

  expect(span.context).toBeUndefined()
})
