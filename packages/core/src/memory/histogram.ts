import type { HistogramBucket } from './metric-series.ts'

/** From a call in the same process to one that waits for its deadline. */
const msBounds = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]
/** From a number to the largest payload. */
const byteBounds = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]
/** For what is counted: batch sizes, attempts. */
const countBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

/** Counts observations in fixed buckets, chosen by the unit at the end of the metric's name. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  constructor(metricName: string) {
    this.#bounds = boundsFor(metricName)
    this.#counts = this.#bounds.map(() => 0)
  }

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  /** Each bucket counts the smaller ones too. */
  get buckets(): readonly HistogramBucket[] {
    let count = 0
    return this.#bounds.map((upTo, index) => ({ upTo, count: (count += this.#counts[index] ?? 0) }))
  }

  observe(value: number): void {
    this.#count += 1
    this.#sum += value
    const bucket = this.#bounds.findIndex((upTo) => value <= upTo)
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
  }
}

function boundsFor(metricName: string): readonly number[] {
  if (metricName.endsWith('_ms')) return msBounds
  return metricName.endsWith('_bytes') ? byteBounds : countBounds
}
