import type { SeedReport } from './seed-report.ts'

const everyMs = 10_000

/** Counts what many seeds came to, and prints a line now and then. */
export class Progress {
  readonly #begunAt = performance.now()
  #printedAt = performance.now()
  #seeds = 0
  #operations = 0
  #faults = 0
  #undecided = 0
  #virtualMs = 0
  readonly #failed: number[] = []

  add({ seed, violations, operations, faults, undecided, virtualMs }: SeedReport): void {
    this.#seeds += 1
    this.#operations += operations
    this.#faults += faults
    this.#undecided += undecided
    this.#virtualMs += virtualMs
    if (violations.length > 0) this.#failed.push(seed)
    for (const { check, message } of violations.slice(0, 1)) console.log(`seed ${seed}: ${check}: ${message}`)
    if (performance.now() - this.#printedAt < everyMs) return
    this.#printedAt = performance.now()
    console.log(this.summary)
  }

  get failed(): readonly number[] {
    return this.#failed
  }

  get summary(): string {
    const minutes = (performance.now() - this.#begunAt) / 60_000
    return [
      `${this.#seeds} seeds`,
      `${Math.round(this.#seeds / minutes)} a minute`,
      `${this.#operations} operations`,
      `${this.#faults} faults`,
      `${(this.#virtualMs / 3_600_000).toFixed(1)} virtual hours`,
      `${this.#undecided} undecided`,
      `${this.#failed.length} violations${this.#failed.length === 0 ? '' : `: ${this.#failed.slice(0, 20).join(', ')}`}`,
    ].join(', ')
  }
}
