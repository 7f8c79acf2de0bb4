import type { Outcome } from './roles/measure.ts'
import type { Figure, RateWorkload } from './workload.ts'

/** A rate beside its baseline of the same run. */
export interface Comparison {
  readonly workload: string
  readonly concurrency: number
  readonly baselinePerSecond: number
  readonly perSecond: number
  readonly ratio: number
  readonly goal: number | undefined
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly baselineP50Ms: number
  readonly cpuMsPerOperation: number
  readonly statementsPerOperation: number | undefined
  readonly commitsPerOperation: number | undefined
  readonly walSyncsPerOperation: number | undefined
  readonly verified: Readonly<Record<string, number>>
}

type RateOutcome = Extract<Outcome, { readonly kind: 'rate' }>

/** Puts the two sides of one run beside each other. */
export function compare(
  { id, goals }: RateWorkload,
  concurrency: number,
  sides: { readonly baseline: RateOutcome; readonly cruster: RateOutcome },
): Comparison {
  const { rate, server } = sides.cruster
  return {
    workload: id,
    concurrency,
    baselinePerSecond: sides.baseline.rate.perSecond,
    perSecond: rate.perSecond,
    ratio: rate.perSecond / sides.baseline.rate.perSecond,
    goal: goals.get(concurrency),
    p50Ms: rate.p50Ms,
    p95Ms: rate.p95Ms,
    p99Ms: rate.p99Ms,
    baselineP50Ms: sides.baseline.rate.p50Ms,
    cpuMsPerOperation: rate.cpuMsPerOperation,
    statementsPerOperation: server?.statements,
    commitsPerOperation: server?.commits,
    walSyncsPerOperation: server?.walSyncs,
    verified: rate.verified,
  }
}

/** The run whose ratio is in the middle. */
export function median(runs: readonly Comparison[]): Comparison {
  const sorted = runs.toSorted((one, other) => one.ratio - other.ratio)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  if (middle === undefined) throw new RangeError('There is no run to take the median of.')
  return middle
}

const columns = [
  'workload',
  'c',
  'baseline/s',
  'cruster/s',
  'ratio',
  'goal',
  '',
  'p50 ms',
  'p99 ms',
  'stmts/op',
  'syncs/op',
]

/** The table of ratios, as Markdown. */
export function ratioTable(rows: readonly Comparison[]): string {
  return markdown(
    columns,
    rows.map((row) => [
      row.workload.toUpperCase(),
      String(row.concurrency),
      whole(row.baselinePerSecond),
      whole(row.perSecond),
      precise(row.ratio),
      row.goal === undefined ? '–' : `≥ ${row.goal}`,
      verdict(row.goal === undefined ? undefined : row.ratio >= row.goal),
      precise(row.p50Ms),
      precise(row.p99Ms),
      precise(row.statementsPerOperation),
      precise(row.walSyncsPerOperation),
    ]),
  )
}

/** The table of figures, as Markdown. */
export function figureTable(rows: readonly { readonly workload: string; readonly figure: Figure }[]): string {
  return markdown(
    ['workload', 'figure', 'value', 'goal', ''],
    rows.map(({ workload, figure: { name, value, unit, atMost } }) => [
      workload.toUpperCase(),
      name,
      `${precise(value)} ${unit}`.trim(),
      atMost === undefined ? '–' : `≤ ${atMost}`,
      verdict(atMost === undefined ? undefined : value <= atMost),
    ]),
  )
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, index) => Math.max(3, title.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function verdict(isReached: boolean | undefined): string {
  if (isReached === undefined) return ''
  return isReached ? 'reached' : 'missed'
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
}

/** Three digits that count. */
function precise(value: number | undefined): string {
  if (value === undefined) return '–'
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
}
