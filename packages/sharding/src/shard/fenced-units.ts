import type { RequestId } from '@cruster/core'
import { Interrupted, RunnerUnavailable } from '@cruster/core'
import type { Fence, NewMessage, Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'
import { TurnoverSet } from '../turnover/turnover-set.ts'

/** What the units of one owner need of its shard. */
export interface UnitsHost {
  readonly services: Services
  readonly fence: Fence
  commit(units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]>
  fenced(): void
  handOver(messages: readonly { readonly message: NewMessage; readonly sequence: number }[]): void
  cancelled(messages: readonly RequestId[]): void
  /** Requests were concluded by an applied unit. */
  concluded(requests: readonly RequestId[]): void
}

/**
 * The fenced units of something that commits by itself, such as a native entity. Knows what is under way, refuses
 * everything after its end, and tells whom an applied unit concerns.
 */
export class FencedUnits {
  readonly #host: UnitsHost
  readonly #underWay = new TurnoverSet<Promise<unknown>>()
  #closed = false

  constructor(host: UnitsHost) {
    this.#host = host
  }

  /** As `EntityScope.commit`. */
  async commit(operations: readonly Operation[]): Promise<UnitResult> {
    this.#check()
    const committing = this.#host.commit([operations])
    this.#underWay.add(committing)
    try {
      const [result] = await committing
      if (result === undefined) throw new Interrupted('a commit that storage did not answer', { outcome: 'unknown' })
      this.#tell(operations, result)
      return result
    } finally {
      this.#underWay.delete(committing)
    }
  }

  /** As `EntityScope.begin`. */
  async begin(signal: AbortSignal): Promise<StorageTransaction> {
    this.#check()
    const transaction = await this.#host.services.storage.begin(this.#host.fence, signal)
    return {
      sql: transaction.sql,
      commit: async (operations) => {
        this.#check()
        return this.#track(this.#commitTransaction(transaction, operations))
      },
      [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
    }
  }

  /** Nothing is committed from here on, but what is under way. */
  close(): void {
    this.#closed = true
  }

  get isSettled(): boolean {
    return this.#underWay.size === 0
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
  }

  #check(): void {
    if (!this.#closed) return
    const cause = 'what wants to commit has lost its shard, or has ended'
    throw new RunnerUnavailable('of this process', { outcome: 'not-started', cause })
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }

  async #commitTransaction(transaction: StorageTransaction, operations: readonly Operation[]): Promise<UnitResult> {
    const result = await transaction.commit(operations)
    if (result.kind === 'fenced') this.#host.fenced()
    this.#tell(operations, result)
    return result
  }

  #tell(operations: readonly Operation[], result: UnitResult): void {
    if (result.kind !== 'applied') return
    if (result.sequences.length > 0) this.#host.handOver(placedIn(operations, result.sequences))
    const concluded: RequestId[] = []
    const cancelled: RequestId[] = []
    for (const operation of operations) {
      if (operation.kind === 'completeMessage' || operation.kind === 'saveReply') concluded.push(operation.id)
      else if (operation.kind === 'cancelMessage') cancelled.push(operation.id)
    }
    if (concluded.length > 0) this.#host.concluded(concluded)
    if (cancelled.length > 0) this.#host.cancelled(cancelled)
  }
}

/** The new messages of a unit with the sequences that its answer gave them. */
function placedIn(operations: readonly Operation[], sequences: readonly number[]) {
  const placing = operations.filter(({ kind }) => kind === 'saveMessage' || kind === 'reviveMessage')
  return placing.flatMap((operation, index) => {
    const sequence = sequences[index] ?? 0
    return operation.kind === 'saveMessage' && sequence > 0 ? [{ message: operation.message, sequence }] : []
  })
}
