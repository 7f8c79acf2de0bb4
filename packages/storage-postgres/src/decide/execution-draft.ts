import type { EntityAddress } from '@cruster/core'
import type { AppendJournal, PutExecution } from '@cruster/core/ports'
import { EntityMap, inEntityOrder } from './entity-map.ts'
import { hasEnded, type ExecutionEffect, type JournalEffect } from './execution-effects.ts'
import type { Facts } from './facts.ts'
import { UndoableMap } from './undoable-map.ts'

/** Journals and records of executions as they will be. */
export class ExecutionDraft {
  readonly #facts: Facts
  readonly #journals = new UndoableMap<EntityAddress, JournalEffect>(new EntityMap())
  readonly #executions = new UndoableMap<EntityAddress, ExecutionEffect>(new EntityMap())

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** False, and nothing changed, when the journal does not end just before. */
  append({ address, position, entries }: AppendJournal): boolean {
    const journal = this.#journal(address, position - 1)
    if (journal.kept + journal.entries.length !== position - 1) return false
    const { from, kept } = journal
    const all = journal.entries.length === 0 ? entries : [...journal.entries, ...entries]
    this.#journals.set(address, { address: journal.address, from, kept, entries: all })
    return true
  }

  truncate(address: EntityAddress, position: number): void {
    if (position === 0) {
      this.#journals.set(address, { address, from: undefined, kept: 0, entries: [] })
      return
    }
    const { from, kept, entries } = this.#journal(address, undefined)
    const stays = Math.min(kept, position)
    this.#journals.set(address, { address, from, kept: stays, entries: entries.slice(0, position - stays) })
  }

  put({ address, record }: PutExecution): void {
    const before = this.#executions.get(address)
    // It ends anew then: what the database says of its end is not to stay.
    const isReopened = hasEnded(record) && before?.put !== undefined && !hasEnded(before.put)
    this.#executions.set(address, { address, put: record, isDeleted: isReopened || before?.isDeleted === true })
  }

  delete(address: EntityAddress): void {
    this.truncate(address, 0)
    this.#executions.set(address, { address, put: undefined, isDeleted: true })
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
    return inEntityOrder(this.#journals.values())
  }

  executions(): readonly ExecutionEffect[] {
    return inEntityOrder(this.#executions.values())
  }

  #journal(address: EntityAddress, hoped: number | undefined): JournalEffect {
    const known = this.#journals.get(address)
    if (known !== undefined) return known
    const from = this.#facts.journalEnd(address, hoped)
    return { address, from, kept: from, entries: [] }
  }
}
