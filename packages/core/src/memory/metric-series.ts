import type { MetricLabels } from '../ports/metrics.ts'

/** How often an observation was at most `upTo`, smaller ones included. */
export interface HistogramBucket {
  readonly upTo: number
  readonly count: number
}

/** One metric with one combination of labels, as it is now. */
export type MetricSeries = { readonly name: string; readonly labels: MetricLabels } & (
  | { readonly kind: 'counter' | 'gauge'; readonly value: number }
  | {
      readonly kind: 'histogram'
      readonly count: number
      readonly sum: number
      readonly buckets: readonly HistogramBucket[]
    }
)
