import type { Metrics } from '../ports/metrics.ts'

/** Drops every measurement. */
export const noMetrics: Metrics = Object.freeze({ count: () => {}, gauge: () => {}, observe: () => {} })
