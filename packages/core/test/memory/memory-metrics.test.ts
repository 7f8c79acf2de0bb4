import { describe, expect, it } from 'vitest'
import { MemoryMetrics } from '../../src/memory/memory-metrics.ts'

describe('metrics in memory', () => {
  it('add up counters, keep the last gauge, count observations', () => {
    const metrics = new MemoryMetrics()

    metrics.count('calls_total', 1, { type: 'Counter', outcome: 'ok' })
    metrics.count('calls_total', 2, { outcome: 'ok', type: 'Counter' })
    metrics.count('calls_total')
    metrics.gauge('entities', 5)
    metrics.gauge('entities', 3)
    metrics.observe('call_ms', 7)
    metrics.observe('call_ms', 9)

    expect([
      metrics.value('calls_total', { type: 'Counter', outcome: 'ok' }),
      metrics.value('calls_total'),
      metrics.value('entities'),
      metrics.value('call_ms'),
      metrics.value('never_measured'),
      metrics.value('calls_total', { type: 'Account' }),
    ]).toEqual([3, 1, 3, 2, undefined, undefined])
  })

  it('tell everything they hold', () => {
    const metrics = new MemoryMetrics()
    metrics.observe('batch_size', 3)
    metrics.gauge('age_ms', 5, { shard: 'a' })

    expect(metrics.snapshot()).toEqual([
      { kind: 'gauge', name: 'age_ms', labels: { shard: 'a' }, value: 5 },
      {
        kind: 'histogram',
        name: 'batch_size',
        labels: {},
        count: 1,
        sum: 3,
        buckets: expect.arrayContaining([
          { upTo: 2, count: 0 },
          { upTo: 5, count: 1 },
          { upTo: 10_000, count: 1 },
        ]),
      },
    ])
  })

  it('are written as Prometheus reads them', () => {
    const metrics = new MemoryMetrics()
    metrics.observe('payload_bytes', 70, { method: 'a"b\\c\nd' })
    metrics.observe('payload_bytes', 1e9, { method: 'a"b\\c\nd' })
    metrics.count('calls_total', 2)
    metrics.gauge('lag_ms', Infinity)
    metrics.gauge('lag_ms', -1.5, { shard: '1' })

    expect(metrics.renderPrometheus()).toBe(
      [
        '# TYPE calls_total counter',
        'calls_total 2',
        '# TYPE lag_ms gauge',
        'lag_ms +Inf',
        'lag_ms{shard="1"} -1.5',
        '# TYPE payload_bytes histogram',
        ...[64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304].map(
          (le) => `payload_bytes_bucket{method="a\\"b\\\\c\\nd",le="${le}"} ${le < 70 ? 0 : 1}`,
        ),
        'payload_bytes_bucket{method="a\\"b\\\\c\\nd",le="+Inf"} 2',
        'payload_bytes_sum{method="a\\"b\\\\c\\nd"} 1000000070',
        'payload_bytes_count{method="a\\"b\\\\c\\nd"} 2',
        '',
      ].join('\n'),
    )
  })

  it('write nothing when nothing was measured', () => {
    expect(new MemoryMetrics().renderPrometheus()).toBe('')
  })
})
