import type { Applied } from '../cluster/applied.ts'
import type { LoadReport } from './load-settings.ts'

/** What is wrong with the effects of loads: lost, doubled, or out of order. Empty when each promise was kept. */
export function wrongEffects(rows: readonly Applied[], reports: readonly LoadReport[]): readonly string[] {
  const times = new Map<string, number>()
  for (const { operation } of rows) times.set(operation, (times.get(operation) ?? 0) + 1)
  const doubled = [...times].filter(([, count]) => count > 1).map(([operation]) => `${operation} was applied twice`)
  const acknowledged = reports.flatMap((report) => Object.values(report.acknowledged).flat())
  const lost = acknowledged
    .filter((operation) => !times.has(operation))
    .map((operation) => `${operation} was acknowledged and is lost`)
  const refused = reports
    .flatMap(({ failed }) => failed)
    .filter(({ outcome, operation }) => outcome !== 'unknown' && times.has(operation))
    .map(({ operation, outcome }) => `${operation} was applied although its caller was told: ${outcome}`)
  return [...doubled, ...lost, ...refused, ...gapsIn(rows)]
}

/** Each counter has counted from 1 on, without a gap and without a step back. */
function gapsIn(rows: readonly Applied[]): readonly string[] {
  const last = new Map<string, number>()
  const wrong: string[] = []
  for (const { entity, kind, count } of rows) {
    if (kind !== 'add') continue
    const before = last.get(entity) ?? 0
    if (count !== before + 1) wrong.push(`${entity} went from ${before} to ${count}`)
    last.set(entity, count)
  }
  return wrong
}

/** The longest gap of any counter, and how the gaps are spread. */
export function describeGaps({ longestGapMs, calls, medianMs, p99Ms, slowestMs }: LoadReport): string {
  const gaps = Object.values(longestGapMs).toSorted((a, b) => a - b)
  const at = (share: number): number => gaps[Math.floor((gaps.length - 1) * share)] ?? 0
  const calm = `${calls} calls, median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, slowest ${slowestMs.toFixed(0)} ms`
  return `${calm}; longest gap per entity: median ${at(0.5)} ms, worst ${at(1)} ms`
}
