import type { MetricLabels } from '../ports/metrics.ts'
import type { MetricSeries } from './metric-series.ts'

/** Series in the text format of Prometheus, version 0.0.4. Series of one name have to stand together. */
export function renderPrometheus(series: readonly MetricSeries[]): string {
  return series.map((each, index) => typeLine(each, series[index - 1]) + samples(each)).join('')
}

function typeLine({ name, kind }: MetricSeries, before: MetricSeries | undefined): string {
  return before?.name === name ? '' : `# TYPE ${name} ${kind}\n`
}

function samples(series: MetricSeries): string {
  const { name, labels } = series
  if (series.kind !== 'histogram') return sample(name, labels, series.value)
  const buckets = [...series.buckets, { upTo: Infinity, count: series.count }]
  return [
    ...buckets.map(({ upTo, count }) => sample(`${name}_bucket`, { ...labels, le: numberText(upTo) }, count)),
    sample(`${name}_sum`, labels, series.sum),
    sample(`${name}_count`, labels, series.count),
  ].join('')
}

function sample(name: string, labels: MetricLabels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}\n`
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
