import type { RequestId } from '@cruster/core'
import type { Operation } from '@cruster/core/ports'
import type { NativeCall } from '@cruster/sharding/extension'
import { concluded } from '@cruster/sharding/extension'
import type { EventReceipt } from '../protocol/execution-message.ts'

/** A stored message that was handled and is not concluded. */
export interface HeldCall {
  readonly call: NativeCall
  readonly receipt: EventReceipt
  /** Nobody waits for its answer: it may stay pending while the execution runs, and wakes it again after a crash. */
  readonly isPatient: boolean
  /** The journal tells that it came, for as long as there is the execution: its message need not be kept for that. */
  readonly isRemembered: boolean
  readonly end: (output: unknown) => void
  readonly fail: (error: unknown) => void
}

/** What a unit concludes. */
export interface Conclusion {
  readonly operations: readonly Operation[]
  /** To be called when the unit was applied. */
  readonly done: () => void
}

/**
 * The messages that an execution has handled since it rested. While it runs at least one stays pending, so that whoever owns the
 * execution after a crash is told to go on.
 */
export class HeldCalls {
  #calls: HeldCall[] = []

  get isEmpty(): boolean {
    return this.#calls.length === 0
  }

  /** Somebody waits for an answer. */
  get isUrgent(): boolean {
    return this.#calls.some(({ isPatient }) => !isPatient)
  }

  get ids(): readonly RequestId[] {
    return this.#calls.map(({ call }) => call.request.id)
  }

  add(held: HeldCall): void {
    this.#calls.push(held)
  }

  /** Concludes all: the execution rests. */
  concludeAll(): Conclusion {
    return this.#conclude([...this.#calls])
  }

  /** Concludes all but the one that keeps the execution running. Undefined: there is none that could. */
  concludeOthers(): Conclusion | undefined {
    const keeper = this.#calls.find(({ isPatient }) => isPatient)
    if (keeper === undefined) return undefined
    // As mostly, between two steps: there are no others.
    if (this.#calls.length === 1) return nothing
    return this.#conclude(this.#calls.filter((held) => held !== keeper))
  }

  /** They are to be delivered again. */
  failAll(error: unknown): void {
    for (const { fail } of this.#calls.splice(0)) fail(error)
  }

  #conclude(calls: readonly HeldCall[]): Conclusion {
    const done = (): void => {
      // What has come meanwhile is held still.
      if (this.#calls.length === calls.length) this.#calls = []
      else this.#without(new Set(calls))
      for (const { end } of calls) end(concluded)
    }
    const operations: Operation[] = []
    for (const { call, receipt, isRemembered } of calls)
      for (const operation of call.conclude(receipt, { forget: isRemembered })) operations.push(operation)
    return { operations, done }
  }

  #without(ended: ReadonlySet<HeldCall>): void {
    this.#calls = this.#calls.filter((held) => !ended.has(held))
  }
}

const nothing: Conclusion = { operations: [], done: () => {} }
