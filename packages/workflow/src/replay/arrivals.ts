import type { ExecutionRef } from '@cruster/core'
import type { RecordedEvent, StartedChild } from '../journal/journal-entry.ts'

/** A child of an execution, by the step that started it. */
export interface Child extends StartedChild {
  readonly step: number
  /** Encoded, once it is known. */
  exit: Uint8Array | undefined
}

/** What came to an execution and was not taken so far. Signals are taken once, in order; values of deferreds stay. */
export class Arrivals {
  // Made with the first of them: most executions have none.
  #signals: Map<string, Uint8Array[]> | undefined
  #deferreds: Map<string, Uint8Array> | undefined
  #waited: Set<string> | undefined
  readonly #children: Child[] = []

  /** The payload of the next signal of a name. */
  takeSignal(name: string): Uint8Array | undefined {
    return this.#signals?.get(name)?.shift()
  }

  addSignal(name: string, payload: Uint8Array): void {
    this.#signals ??= new Map()
    const waiting = this.#signals.get(name)
    if (waiting === undefined) this.#signals.set(name, [payload])
    else waiting.push(payload)
  }

  /** The exit that a deferred was given. */
  resolution(name: string): Uint8Array | undefined {
    const exit = this.#deferreds?.get(name)
    if (exit !== undefined) (this.#waited ??= new Set()).add(name)
    return exit
  }

  isResolved(name: string): boolean {
    return this.#deferreds?.has(name) === true
  }

  /** The first wins. */
  resolve(name: string, exit: Uint8Array): void {
    this.#deferreds ??= new Map()
    if (!this.#deferreds.has(name)) this.#deferreds.set(name, exit)
  }

  addChild(step: number, child: StartedChild): void {
    this.#children.push({ ...child, step, exit: undefined })
  }

  /** The child of a step has ended. Undefined when it is not known, or was told before. */
  childEnded(step: number, exit: Uint8Array): Child | undefined {
    const child = this.#children.find((known) => known.step === step && known.exit === undefined)
    if (child !== undefined) child.exit = exit
    return child
  }

  /** Children that end with their parent and have not ended. */
  get attached(): readonly Child[] {
    return this.#children.filter(({ detached, exit }) => !detached && exit === undefined)
  }

  childExit({ type, id }: ExecutionRef): Uint8Array | undefined {
    return this.#children.find((known) => known.type === type && known.id === id && known.exit !== undefined)?.exit
  }

  /** Events that a next run finds as this one would have. */
  untaken(): readonly RecordedEvent[] {
    const signals = [...(this.#signals ?? [])].flatMap(([name, payloads]) =>
      payloads.map((payload) => ({ kind: 'signal', name, payload }) as const),
    )
    const values = [...(this.#deferreds ?? [])].filter(([name]) => this.#waited?.has(name) !== true)
    return [...signals, ...values.map(([name, exit]) => ({ kind: 'resolve', name, exit }) as const)]
  }
}
