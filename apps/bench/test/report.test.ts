import { describe, expect, test } from 'vitest'
import type { Comparison } from '../src/report.ts'
import { figureTable, median, ratioTable } from '../src/report.ts'

const run = (ratio: number, goal?: number): Comparison => ({
  workload: 'w1',
  concurrency: 64,
  baselinePerSecond: 1_234_567,
  perSecond: 1_234_567 * ratio,
  ratio,
  goal,
  p50Ms: 0.012345,
  p95Ms: 1,
  p99Ms: 2,
  baselineP50Ms: 1,
  cpuMsPerOperation: 1,
  statementsPerOperation: undefined,
  commitsPerOperation: undefined,
  walSyncsPerOperation: 0.25,
  verified: {},
})

describe('the report of the benchmarks', () => {
  test('takes the run whose ratio is in the middle', () => {
    expect(median([run(3), run(1), run(2)]).ratio).toBe(2)
    expect(median([run(3), run(1)]).ratio).toBe(1)
  })

  test('says whether a goal was reached, and leaves out what was not counted', () => {
    const [, , reached = '', missed = ''] = ratioTable([run(0.5, 0.5), run(0.4, 0.5)]).split('\n')
    expect(reached).toMatch(
      /\| 1 234 567 +\| 617 284 +\| 0\.5 +\| ≥ 0\.5 +\| reached .*\| 0\.0123 .*\| – +\| 0\.25 +\|/,
    )
    expect(missed).toContain('missed')
  })

  test('holds figures against the most they may be', () => {
    const figure = { name: 'gap', value: 120, unit: 'ms', atMost: 100 }
    expect(figureTable([{ workload: 'w9', figure }])).toMatch(/W9 .*gap .*120 ms .*≤ 100 .*missed/)
  })
})
