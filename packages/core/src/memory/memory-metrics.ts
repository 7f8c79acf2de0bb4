import type { MetricLabels, Metrics } from '../ports/metrics.ts'
import { Histogram } from './histogram.ts'
import type { MetricSeries } from './metric-series.ts'
import { renderPrometheus } from './prometheus-text.ts'

interface Stored<Value> {
  readonly name: string
  readonly labels: MetricLabels
  value: Value
}

type Series<Value> = Map<string, Stored<Value>>

/** Keeps measurements in memory, for tests and for small programs that serve them to Prometheus themselves. */
export class MemoryMetrics implements Metrics {
  readonly #counters: Series<number> = new Map()
  readonly #gauges: Series<number> = new Map()
  readonly #histograms: Series<Histogram> = new Map()

  count(name: string, by = 1, labels: MetricLabels = {}): void {
    stored(this.#counters, { name, labels }, zero).value += by
  }

  gauge(name: string, value: number, labels: MetricLabels = {}): void {
    stored(this.#gauges, { name, labels }, zero).value = value
  }

  observe(name: string, value: number, labels: MetricLabels = {}): void {
    stored(this.#histograms, { name, labels }, () => new Histogram(name)).value.observe(value)
  }

  /**
   * Value of a counter or gauge with exactly these labels; of a distribution, the number of observations. Undefined when it was
   * never measured.
   */
  value(name: string, labels: MetricLabels = {}): number | undefined {
    const key = keyOf(name, labels)
    return (this.#counters.get(key) ?? this.#gauges.get(key))?.value ?? this.#histograms.get(key)?.value.count
  }

  /** Everything measured so far, by name, then in the order of first measurement. */
  snapshot(): readonly MetricSeries[] {
    const series: MetricSeries[] = [
      ...[...this.#counters.values()].map((each) => ({ ...each, kind: 'counter' as const })),
      ...[...this.#gauges.values()].map((each) => ({ ...each, kind: 'gauge' as const })),
      ...[...this.#histograms.values()].map(histogramSeries),
    ]
    return series.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
  }

  /** What a `/metrics` endpoint answers, as `text/plain; version=0.0.4`. */
  renderPrometheus(): string {
    return renderPrometheus(this.snapshot())
  }
}

function histogramSeries({ name, labels, value }: Stored<Histogram>): MetricSeries {
  return { kind: 'histogram', name, labels, count: value.count, sum: value.sum, buckets: value.buckets }
}

const zero = (): number => 0

/** The series with this name and these labels; made if there is none. */
function stored<Value>(
  series: Series<Value>,
  { name, labels }: Omit<Stored<Value>, 'value'>,
  first: () => Value,
): Stored<Value> {
  const key = keyOf(name, labels)
  const known = series.get(key)
  if (known !== undefined) return known
  const added = { name, labels, value: first() }
  series.set(key, added)
  return added
}

/** The same for the same labels in any order. */
function keyOf(name: string, labels: MetricLabels): string {
  const names = Object.keys(labels)
  return names.length === 0 ? name : JSON.stringify([name, ...names.toSorted().map((label) => [label, labels[label]])])
}
