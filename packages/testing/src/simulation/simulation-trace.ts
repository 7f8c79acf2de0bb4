import type { Clock } from '@cruster/core/ports'

/** Something that happened in a run. */
export interface TraceEvent {
  readonly atMs: number
  readonly text: string
  /** What it is about: `Counter/a`, `default:3`. Undefined concerns everybody. */
  readonly about?: string | undefined
}

/** What happened in a run, in order. */
export class SimulationTrace {
  readonly #clock: Clock
  readonly #events: TraceEvent[] = []
  #startMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Time counts from here. */
  begin(): void {
    this.#startMs = this.#clock.monotonic()
  }

  get nowMs(): number {
    return this.#clock.monotonic() - this.#startMs
  }

  get events(): readonly TraceEvent[] {
    return this.#events
  }

  add(text: string, about?: string): void {
    this.#events.push({ atMs: this.nowMs, text, about })
  }

  /** All lines that concern one of these, and those that concern everybody. */
  lines(about?: readonly string[]): readonly string[] {
    return this.#events
      .filter((event) => event.about === undefined || about === undefined || about.includes(event.about))
      .map(({ atMs, text }) => `${(atMs / 1000).toFixed(3).padStart(8)} s  ${text}`)
  }
}
