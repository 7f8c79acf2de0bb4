/** Label values of one series. Keep them few: never an entity id. */
export type MetricLabels = Readonly<Record<string, string>>

/**
 * Takes measurements. Never throws, never blocks. Names are snake_case with a unit at the end (`_total`, `_ms`,
 * `_bytes`), as in docs/metrics.md.
 */
export interface Metrics {
  /** Adds to a counter that only grows. */
  count(name: string, by?: number, labels?: MetricLabels): void
  /** Sets a value that goes up and down. */
  gauge(name: string, value: number, labels?: MetricLabels): void
  /** Adds one observation to a distribution. */
  observe(name: string, value: number, labels?: MetricLabels): void
}
