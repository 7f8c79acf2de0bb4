import type { JournalEntry, Step, StepKind } from '../journal/journal-entry.ts'
import { stepOf } from '../journal/journal-entry.ts'

/** Which operations a journal holds, by their numbers; and values that were given at once. */
export class RecordedSteps {
  readonly #steps = new Map<number, Step>()
  readonly #values = new Map<number, Uint8Array>()
  readonly #checkpoints = new Set<string>()

  constructor(entries: Iterable<JournalEntry>) {
    for (const entry of entries) this.#add(entry)
  }

  get(step: number): Step | undefined {
    return this.#steps.get(step)
  }

  value(step: number): Uint8Array | undefined {
    return this.#values.get(step)
  }

  hasCheckpoint(name: string): boolean {
    return this.#checkpoints.has(name)
  }

  /** How many recorded steps of this kind and name come up to this one. */
  occurrence({ step, kind, name }: Step): number {
    let count = 0
    for (const known of this.#steps.values()) {
      if (known.step <= step && known.kind === kind && known.name === name) count += 1
    }
    return count
  }

  #add(entry: JournalEntry): void {
    const step = stepOf(entry)
    if (step === undefined) return
    this.#steps.set(step.step, step)
    if (entry.kind === 'value') this.#values.set(step.step, entry.value)
    if (isCheckpoint(step.kind)) this.#checkpoints.add(step.name)
  }
}

export function isCheckpoint(kind: StepKind): boolean {
  return kind === 'checkpoint' || kind === 'compute'
}
