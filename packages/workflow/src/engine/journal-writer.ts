import type { EntityAddress } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import { encodeEntry } from '../journal/entry-codec.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'

/** Takes the operations of one unit to storage. */
export type Commit = (operations: readonly Operation[]) => Promise<UnitResult>

/** A unit was refused, so what is stored is not what this life of the execution believes. */
export class UnitRefused extends Error {
  override readonly name = 'UnitRefused'
  readonly result: UnitResult

  constructor(result: UnitResult) {
    super(`Storage refused what an execution recorded: ${result.kind}.`)
    this.result = result
  }
}

interface FlushedUnit {
  readonly entries: readonly Uint8Array[]
  readonly operations: readonly Operation[]
  /** Called when it was applied. */
  readonly done?: (() => void) | undefined
}

/** What a unit took that was waiting, and gives back when it is not applied. */
interface Taken {
  readonly entries: readonly Uint8Array[]
  readonly operations: readonly Operation[]
  readonly isTrivial: boolean
}

const none: readonly Operation[] = []

/** The end of a journal: what is recorded and not stored so far, with the operations that belong to it. */
export class JournalWriter {
  readonly #address: EntityAddress
  #stored: number
  #bytes: number
  #entries: Uint8Array[] = []
  #operations: Operation[] = []
  #isFlushing = false
  /** Only the start is waiting: what it says will be the same when it is delivered again. */
  #isTrivial = true

  constructor(address: EntityAddress, stored: { readonly entries: number; readonly bytes: number }) {
    this.#address = address
    this.#stored = stored.entries
    this.#bytes = stored.bytes
  }

  /** Entries of the execution, stored or not. */
  get size(): number {
    return this.#stored + this.#entries.length
  }

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#operations.length === 0
  }

  /** Whether everything is stored: nothing waits, and nothing is on its way. */
  get isStored(): boolean {
    return this.isEmpty && !this.#isFlushing
  }

  /** Whether something may begin although not everything is stored. */
  get isTrivial(): boolean {
    return this.isEmpty || this.#isTrivial
  }

  add(entry: JournalEntry, operations: readonly Operation[] = none): void {
    const bytes = encodeEntry(entry)
    this.#entries.push(bytes)
    this.#bytes += bytes.length
    for (const operation of operations) this.#operations.push(operation)
    if (entry.kind !== 'started') this.#isTrivial = false
  }

  /** Adds to the next unit. */
  also(...operations: readonly Operation[]): void {
    this.#operations.push(...operations)
    this.#isTrivial = false
  }

  /** Begins the journal anew with the next unit. What was waiting is not recorded, but its operations are made. */
  restart(entries: readonly JournalEntry[]): void {
    this.#entries = []
    this.#operations.unshift({ kind: 'truncateJournal', address: this.#address, position: 0 })
    this.#stored = 0
    this.#bytes = 0
    for (const entry of entries) this.add(entry)
    this.#isTrivial = false
  }

  /**
   * Stores what is waiting, with more operations, in one unit. When `commit` rejects, it is waiting still. `done` is called as
   * soon as the unit is applied.
   *
   * @throws UnitRefused, and what `commit` throws: unless that knows better, what is stored is unknown then.
   */
  flush(commit: Commit, more: readonly Operation[] = [], done?: () => void): Promise<void> {
    if (this.isEmpty && more.length === 0) return Promise.resolve().then(done)
    return this.#flush(commit, { entries: this.#entries, operations: more, done })
  }

  /** As {@link flush}, with an entry that is not recorded unless the unit is applied. */
  async flushWith(commit: Commit, entry: JournalEntry, more: readonly Operation[]): Promise<void> {
    const bytes = encodeEntry(entry)
    await this.#flush(commit, { entries: [...this.#entries, bytes], operations: more })
    this.#bytes += bytes.length
  }

  /** Callbacks and no `await`: this is done for each step of each workflow. */
  #flush(commit: Commit, { entries, operations: more, done }: FlushedUnit): Promise<void> {
    const taken: Taken = { entries: this.#entries, operations: this.#operations, isTrivial: this.#isTrivial }
    const operations = this.#unit(entries, more)
    this.#entries = []
    this.#operations = []
    this.#isTrivial = true
    this.#isFlushing = true
    return commit(operations).then(
      (result) => {
        if (result.kind !== 'applied') throw this.#notStored(taken, new UnitRefused(result))
        this.#isFlushing = false
        this.#stored += entries.length
        done?.()
      },
      (error: unknown) => {
        throw this.#notStored(taken, error)
      },
    )
  }

  #notStored(taken: Taken, error: unknown): unknown {
    this.#isFlushing = false
    this.#entries = [...taken.entries, ...this.#entries]
    this.#operations = [...taken.operations, ...this.#operations]
    this.#isTrivial = taken.isTrivial && this.#isTrivial
    return error
  }

  #unit(entries: readonly Uint8Array[], more: readonly Operation[]): readonly Operation[] {
    const operations = [...this.#operations]
    if (entries.length > 0)
      operations.push({ kind: 'appendJournal', address: this.#address, position: this.#stored + 1, entries })
    for (const operation of more) operations.push(operation)
    return operations
  }
}
