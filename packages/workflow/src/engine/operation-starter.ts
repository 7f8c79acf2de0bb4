import { JournalTooLarge, encode, encodeError, encodeExit } from '@cruster/core'
import type { Operation as StorageOperation } from '@cruster/core/ports'
import type { EntityScope } from '@cruster/sharding/extension'
import type { ChildTask, SendTask, Task, TellTask, WaitTask } from '../context/task.ts'
import type { Done, JournalEntry, Waiting } from '../journal/journal-entry.ts'
import { StepDone } from '../journal/new-entries.ts'
import type { Operation } from '../replay/operation.ts'
import type { Outgoing } from './outgoing.ts'
import { save } from './outgoing.ts'

/** What is recorded when an operation begins, and what is stored with it. */
export interface Begun {
  readonly entries: readonly JournalEntry[]
  readonly operations: readonly StorageOperation[]
}

/** Begins operations that are done by storing something. */
export class OperationStarter {
  readonly #scope: EntityScope
  readonly #outgoing: Outgoing
  readonly #run: number

  constructor(scope: EntityScope, outgoing: Outgoing, run: number) {
    this.#scope = scope
    this.#outgoing = outgoing
    this.#run = run
  }

  /** Undefined: it is done in attempts. */
  begin(operation: Operation<Task>): Begun | undefined {
    const { task } = operation
    try {
      switch (task.kind) {
        case 'attempt':
          return undefined
        case 'wait':
          return this.#wait(operation, task)
        case 'child':
          return this.#child(operation, task)
        case 'send':
          return this.#send(operation, task)
        case 'tell':
          return this.#tell(operation, task)
      }
    } catch (error) {
      // It cannot be sent as it is, now or later.
      return { entries: [this.failed(operation, error)], operations: [] }
    }
  }

  /** Ends an operation with a value. */
  done(operation: Operation<Task>, value: Uint8Array, attempts = 0): Done {
    return this.ended(operation, encodeExit({ kind: 'success', value }), attempts)
  }

  /** Ends an operation with an error. */
  failed(operation: Operation<Task>, error: unknown, attempts = 0): Done {
    return this.ended(operation, encodeExit({ kind: 'failure', error: encodeError(error) }), attempts)
  }

  tooLarge(operation: Operation<Task>, size: { readonly entries: number; readonly bytes: number }): Done {
    const { type, id } = this.#scope.address
    return this.failed(operation, new JournalTooLarge(`${type}/${id}`, size.entries, size.bytes))
  }

  #wait(operation: Operation<Task>, { forMs, until }: WaitTask): Begun {
    const dueAt = forMs === undefined ? until : this.#now + forMs
    if (dueAt === undefined) return { entries: [waiting(operation, {})], operations: [] }
    const message = this.#outgoing.own({ kind: 'timer', run: this.#run, step: operation.step, attempt: 0 }, dueAt)
    return { entries: [waiting(operation, { dueAt, timer: message.id })], operations: [save(message)] }
  }

  #child(operation: Operation<Task>, { call, waits }: ChildTask): Begun {
    const message = this.#outgoing.start(call, { run: this.#run, step: operation.step })
    const child = { ...message.address, detached: call.detached === true }
    const began = waiting(operation, { child })
    const { type, id } = child
    const entries = waits ? [began] : [began, this.done(operation, encode({ type, id }))]
    return { entries, operations: [save(message)] }
  }

  #send(operation: Operation<Task>, { target, input, options }: SendTask): Begun {
    const message = this.#scope.message(target, input, options)
    return { entries: [this.done(operation, encode(message.id))], operations: [save(message)] }
  }

  #tell(operation: Operation<Task>, { contract, id, event }: TellTask): Begun {
    const message = this.#outgoing.event(contract, id, event)
    return { entries: [this.done(operation, encode(undefined))], operations: [save(message)] }
  }

  /** Ends an operation with an encoded exit. */
  ended(operation: Operation<Task>, exit: Uint8Array, attempts: number): Done {
    return new StepDone(operation, { exit, attempts, at: this.#now })
  }

  get #now(): number {
    return this.#scope.services.clock.now()
  }
}

function waiting(
  { step, kind: of, name, digest }: Operation<Task>,
  { dueAt, timer, child }: Partial<Pick<Waiting, 'dueAt' | 'timer' | 'child'>>,
): Waiting {
  return { kind: 'waiting', step, of, name, digest, dueAt, timer, child }
}
