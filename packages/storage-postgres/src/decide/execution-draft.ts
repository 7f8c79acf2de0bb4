import type { EntityAddress } from '@cruster/core'
import type { AppendJournal, PutExecution } from '@cruster/core/ports'
import { keyOf } from './entity-key.ts'
import { hasEnded, type ExecutionEffect, type JournalEffect } from './execution-effects.ts'
import type { Facts } from './facts.ts'
import { inOrder } from './in-order.ts'
import { UndoableMap } from './undoable-map.ts'

/** Journals and records of executions as they will be. */
export class ExecutionDraft {
  readonly #facts: Facts
  readonly #journals = new UndoableMap<string, JournalEffect>()
  readonly #executions = new UndoableMap<string, ExecutionEffect>()

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** False, and nothing changed, when the journal does not end just before. */
  append({ address, position, entries }: AppendJournal): boolean {
    const journal = this.#journal(address, position - 1)
    if (journal.kept + journal.entries.length !== position - 1) return false
    this.#journals.set(keyOf(address), { ...journal, entries: [...journal.entries, ...entries] })
    return true
  }

  truncate(address: EntityAddress, position: number): void {
    const key = keyOf(address)
    if (position === 0) {
      this.#journals.set(key, { address, from: undefined, kept: 0, entries: [] })
      return
    }
    const { from, kept, entries } = this.#journal(address, undefined)
    const stays = Math.min(kept, position)
    this.#journals.set(key, { address, from, kept: stays, entries: entries.slice(0, position - stays) })
  }

  put({ address, record }: PutExecution): void {
    const key = keyOf(address)
    const before = this.#executions.get(key)
    // It ends anew then: what the database says of its end is not to stay.
    const isReopened = hasEnded(record) && before?.put !== undefined && !hasEnded(before.put)
    this.#executions.set(key, { address, put: record, isDeleted: isReopened || before?.isDeleted === true })
  }

  delete(address: EntityAddress): void {
    this.truncate(address, 0)
    this.#executions.set(keyOf(address), { address, put: undefined, isDeleted: true })
  }

  keep(): void {
    this.#journals.keep()
    this.#executions.keep()
  }

  undo(): void {
    this.#journals.undo()
    this.#executions.undo()
  }

  journals(): readonly JournalEffect[] {
    return sorted(this.#journals)
  }

  executions(): readonly ExecutionEffect[] {
    return sorted(this.#executions)
  }

  #journal(address: EntityAddress, hoped: number | undefined): JournalEffect {
    const known = this.#journals.get(keyOf(address))
    if (known !== undefined) return known
    const from = this.#facts.journalEnd(address, hoped)
    return { address, from, kept: from, entries: [] }
  }
}

function sorted<Value>(map: UndoableMap<string, Value>): readonly Value[] {
  return [...map.entries()].toSorted(([one], [other]) => inOrder(one, other)).map(([, value]) => value)
}
