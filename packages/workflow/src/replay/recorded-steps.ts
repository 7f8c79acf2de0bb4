import type { JournalEntry, Step, StepKind } from '../journal/journal-entry.ts'
import { stepOf } from '../journal/journal-entry.ts'

/** Which operations a journal holds, by their numbers; and values that were given at once. */
export class RecordedSteps {
  // Made with the first of them: when an execution begins there are none.
  #steps: Map<number, Step> | undefined
  #values: Map<number, Uint8Array> | undefined
  #checkpoints: Set<string> | undefined

  constructor(entries: Iterable<JournalEntry>) {
    for (const entry of entries) this.#add(entry)
  }

  get(step: number): Step | undefined {
    return this.#steps?.get(step)
  }

  value(step: number): Uint8Array | undefined {
    return this.#values?.get(step)
  }

  hasCheckpoint(name: string): boolean {
    return this.#checkpoints?.has(name) === true
  }

  /** How many recorded steps of this kind and name come up to this one. */
  occurrence({ step, kind, name }: Step): number {
    let count = 0
    for (const known of this.#steps?.values() ?? []) {
      if (known.step <= step && known.kind === kind && known.name === name) count += 1
    }
    return count
  }

  #add(entry: JournalEntry): void {
    const step = stepOf(entry)
    if (step === undefined) return
    this.#steps ??= new Map()
    this.#steps.set(step.step, step)
    if (entry.kind === 'value') (this.#values ??= new Map()).set(step.step, entry.value)
    if (isCheckpoint(step.kind)) (this.#checkpoints ??= new Set()).add(step.name)
  }
}

export function isCheckpoint(kind: StepKind): boolean {
  return kind === 'checkpoint' || kind === 'compute'
}
