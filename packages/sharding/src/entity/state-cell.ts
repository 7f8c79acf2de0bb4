import type { EntityAddress } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import { ChangeFeed } from './change-feed.ts'
import type { EntityHost } from './entity-host.ts'
import type { RegisteredEntity } from './registered-entity.ts'
import type { EntityState } from './state-record.ts'
import { encodeState } from './state-record.ts'

/** A state and how many times the entity was written to get there. */
export interface Versioned {
  readonly value: EntityState
  readonly version: number
}

interface Pending {
  readonly operations: readonly Operation[]
  readonly after: Versioned
  readonly settle: (result: UnitResult) => void
  readonly fail: (error: unknown) => void
}

export interface CellOptions {
  readonly entity: RegisteredEntity
  readonly address: EntityAddress
  readonly host: Pick<EntityHost, 'commit'>
}

/**
 * The state of one entity in memory. `committed` is what everybody may see. `working` is what the next activity starts
 * from: it runs ahead while commits are under way, so that one entity is not limited to one commit at a time.
 *
 * Invariants: C1 nothing reads `working` but activities. C2 a unit that was built on a state not yet committed says so
 * (`putState` on the version before, or `expectState`), so that it is refused when that state is. C3 units of an entity
 * are handed to storage in order, and the next batch only when the one before is answered.
 */
export class StateCell {
  readonly changes = new ChangeFeed<EntityState>()
  readonly #address: EntityAddress
  readonly #entity: RegisteredEntity
  readonly #host: CellOptions['host']
  #committed: Versioned
  #working: Versioned
  #pending: Pending[] | undefined
  #committing = false
  #whenSettled: (() => void)[] | undefined

  constructor({ entity, address, host }: CellOptions, loaded: Versioned) {
    this.#entity = entity
    this.#address = address
    this.#host = host
    this.#committed = loaded
    this.#working = loaded
  }

  get committed(): Versioned {
    return this.#committed
  }

  get working(): Versioned {
    return this.#working
  }

  /** Commits that were handed in and are not answered. */
  get isSettled(): boolean {
    return !this.#committing && this.#pending === undefined
  }

  /** Resolves when no commit is under way. */
  async settled(): Promise<void> {
    if (this.isSettled) return
    await new Promise<void>((resolve) => (this.#whenSettled ??= []).push(resolve))
  }

  /** Starts over from a state that was read from storage. Only when settled. */
  reload(loaded: Versioned): void {
    const changed = loaded.version !== this.#committed.version
    this.#committed = loaded
    this.#working = loaded
    if (changed) this.changes.publish(loaded.value)
  }

  /**
   * The operations that make `next` the entity's state, if it is another one; and the state after them. The caller
   * commits them itself and calls {@link publish}: for work that has its own transaction.
   */
  stage(next: EntityState): { readonly operations: readonly Operation[]; readonly after: Versioned } {
    const { value, version } = this.#working
    if (this.#entity.stateKind !== 'persisted') return { operations: [], after: { value: next, version: version + 1 } }
    if (next !== value) {
      const after = { value: next, version: version + 1 }
      const state = encodeState(this.#entity, next)
      return { operations: [{ kind: 'putState', address: this.#address, version: after.version, state }], after }
    }
    const built = version !== this.#committed.version
    return { operations: built ? [{ kind: 'expectState', address: this.#address, version }] : [], after: this.#working }
  }

  /** A staged state was committed by its own transaction. */
  publish(after: Versioned): void {
    this.#working = after
    this.#advance(after)
  }

  /** Hands `next` and the operations that belong to it to storage, behind everything handed in before. */
  submit(next: EntityState, operations: readonly Operation[]): Promise<UnitResult> {
    const staged = this.stage(next)
    this.#working = staged.after
    const all = [...staged.operations, ...operations]
    return new Promise((settle, fail) => {
      ;(this.#pending ??= []).push({ operations: all, after: staged.after, settle, fail })
      if (!this.#committing) this.#drive()
    })
  }

  /** Commits what is pending, and again when that is answered. Not an async loop: every activity would pay for its promises. */
  #drive(): void {
    const batch = this.#pending
    this.#committing = batch !== undefined
    if (batch === undefined) return this.#settle()
    this.#pending = undefined
    this.#host.commit(batch.map(({ operations }) => operations)).then(
      (results) => {
        for (const [index, pending] of batch.entries()) this.#answered(pending, results[index])
        this.#drive()
      },
      (error: unknown) => {
        for (const { fail } of batch) fail(error)
        this.#drive()
      },
    )
  }

  #answered({ after, settle }: Pending, result: UnitResult = { kind: 'stale', address: this.#address }): void {
    if (result.kind === 'applied') this.#advance(after)
    settle(result)
  }

  #settle(): void {
    const waiting = this.#whenSettled ?? []
    this.#whenSettled = undefined
    for (const resolve of waiting) resolve()
  }

  #advance(after: Versioned): void {
    const changed = after.value !== this.#committed.value
    this.#committed = after
    if (changed) this.changes.publish(after.value)
  }
}
