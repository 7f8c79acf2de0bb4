import type { RequestId } from '@cruster/core'
import { Interrupted, RunnerUnavailable } from '@cruster/core'
import type { Fence, NewMessage, Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'

/** What the units of one owner need of its shard. */
export interface UnitsHost {
  readonly services: Services
  readonly fence: Fence
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
  readonly #concluded: ((requests: readonly RequestId[]) => void) | undefined
  /** How many commits are under way. */
  #underWay = 0
  #whenSettled: (() => void)[] | undefined
  #closed = false

  /** `concluded` hears of concluded requests in place of the host. */
  constructor(host: UnitsHost, concluded?: (requests: readonly RequestId[]) => void) {
    this.#host = host
    this.#concluded = concluded
  }

  /** As `EntityScope.commit`. */
  commit(operations: readonly Operation[]): Promise<UnitResult> {
    if (this.#closed) return Promise.reject(lateCommit())
    const { services, fence } = this.#host
    // Plain callbacks: each promise more is dear to who commits often.
    const committing = services.storage.commit([{ fence, operations }]).then(
      (results) => this.#committed(operations, results),
      (error: unknown) => {
        this.#ended()
        throw error
      },
    )
    this.#underWay += 1
    return committing
  }

  /** As `EntityScope.begin`. */
  async begin(signal: AbortSignal): Promise<StorageTransaction> {
    this.#check()
    const transaction = await this.#host.services.storage.begin(this.#host.fence, signal)
    return {
      sql: transaction.sql,
      commit: async (operations) => {
        this.#check()
        return this.#commitTransaction(transaction, operations)
      },
      [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
    }
  }

  /** Nothing is committed from here on, but what is under way. */
  close(): void {
    this.#closed = true
  }

  get isSettled(): boolean {
    return this.#underWay === 0
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (!this.isSettled) await new Promise<void>((resolve) => (this.#whenSettled ??= []).push(resolve))
  }

  #check(): void {
    if (this.#closed) throw lateCommit()
  }

  async #commitTransaction(transaction: StorageTransaction, operations: readonly Operation[]): Promise<UnitResult> {
    this.#underWay += 1
    try {
      const result = await transaction.commit(operations)
      this.#tell(operations, result)
      return result
    } finally {
      this.#ended()
    }
  }

  #committed(operations: readonly Operation[], [result]: readonly UnitResult[]): UnitResult {
    try {
      if (result === undefined) throw new Interrupted('a commit that storage did not answer', { outcome: 'unknown' })
      this.#tell(operations, result)
      return result
    } finally {
      this.#ended()
    }
  }

  #tellConcluded(requests: readonly RequestId[]): void {
    if (this.#concluded === undefined) this.#host.concluded(requests)
    else this.#concluded(requests)
  }

  #ended(): void {
    this.#underWay -= 1
    if (!this.isSettled || this.#whenSettled === undefined) return
    for (const resolve of this.#whenSettled.splice(0)) resolve()
  }

  #tell(operations: readonly Operation[], result: UnitResult): void {
    if (result.kind === 'fenced') this.#host.fenced()
    if (result.kind !== 'applied') return
    if (result.sequences.length > 0) this.#host.handOver(placedIn(operations, result.sequences))
    const concluded = idsIn(operations, isConclusion)
    if (concluded !== undefined) this.#tellConcluded(concluded)
    const cancelled = idsIn(operations, isCancellation)
    if (cancelled !== undefined) this.#host.cancelled(cancelled)
  }
}

function lateCommit(): RunnerUnavailable {
  const cause = 'what wants to commit has lost its shard, or has ended'
  return new RunnerUnavailable('of this process', { outcome: 'not-started', cause })
}

type AboutRequest = Extract<Operation, { readonly kind: 'completeMessage' | 'saveReply' | 'cancelMessage' }>

function isConclusion(operation: Operation): operation is AboutRequest {
  return operation.kind === 'completeMessage' || operation.kind === 'saveReply'
}

function isCancellation(operation: Operation): operation is AboutRequest {
  return operation.kind === 'cancelMessage'
}

/** Whom some operations of a unit concern; undefined for nobody, as mostly. */
function idsIn(
  operations: readonly Operation[],
  isMeant: (operation: Operation) => operation is AboutRequest,
): readonly RequestId[] | undefined {
  let ids: RequestId[] | undefined
  for (const operation of operations) if (isMeant(operation)) (ids ??= []).push(operation.id)
  return ids
}

/** The new messages of a unit with the sequences that its answer gave them. */
function placedIn(operations: readonly Operation[], sequences: readonly number[]) {
  const placing = operations.filter(({ kind }) => kind === 'saveMessage' || kind === 'reviveMessage')
  return placing.flatMap((operation, index) => {
    const sequence = sequences[index] ?? 0
    return operation.kind === 'saveMessage' && sequence > 0 ? [{ message: operation.message, sequence }] : []
  })
}
