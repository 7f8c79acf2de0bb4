import type {
  Fence,
  MessageReader,
  Operation,
  Storage,
  StorageTransaction,
  Unit,
  UnitResult,
} from '@cruster/core/ports'

/** A layer that makes a storage break a promise. */
export type Saboteur = (inner: Storage) => Storage

/** Passes everything on, but for what `changes` replace. */
export function alter(inner: Storage, changes: Partial<Storage>): Storage {
  return {
    name: inner.name,
    durable: inner.durable,
    dialect: inner.dialect,
    states: inner.states,
    messages: inner.messages,
    replies: inner.replies,
    journals: inner.journals,
    executions: inner.executions,
    hints: inner.hints,
    newestEpoch: () => inner.newestEpoch(),
    claim: (fences) => inner.claim(fences),
    commit: (units) => inner.commit(units),
    begin: (fence, signal) => inner.begin(fence, signal),
    prune: (limit) => inner.prune(limit),
    ...(inner.enqueue === undefined ? {} : { enqueue: inner.enqueue.bind(inner) }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    ...changes,
  }
}

export function alterMessages(inner: Storage, changes: Partial<MessageReader>): Storage {
  const { messages } = inner
  return alter(inner, {
    messages: {
      pending: (query) => messages.pending(query),
      lastSequences: (shards) => messages.lastSequences(shards),
      find: (id) => messages.find(id),
      list: (filter) => messages.list(filter),
      deadLetters: (filter) => messages.deadLetters(filter),
      ...changes,
    },
  })
}

export const alterUnits = (inner: Storage, change: (unit: Unit) => Unit): Storage =>
  alter(inner, { commit: (units) => inner.commit(units.map(change)) })

export const alterOperations = (inner: Storage, change: (operation: Operation) => readonly Operation[]): Storage =>
  alterUnits(inner, (unit) => ({ ...unit, operations: unit.operations.flatMap(change) }))

export const alterResults = (
  inner: Storage,
  change: (result: UnitResult, unit: Unit | undefined) => UnitResult,
): Storage =>
  alter(inner, {
    commit: async (units) => (await inner.commit(units)).map((result, index) => change(result, units[index])),
  })

export const alterTransactions = (
  inner: Storage,
  change: (transaction: StorageTransaction, fence: Fence) => Partial<StorageTransaction>,
): Storage =>
  alter(inner, {
    begin: async (fence, signal) => {
      const transaction = await inner.begin(fence, signal)
      return {
        sql: transaction.sql,
        commit: (operations) => transaction.commit(operations),
        [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
        ...change(transaction, fence),
      }
    },
  })

export const applied: UnitResult = { kind: 'applied', sequences: [] }

/** Remembers the newest claim of each shard, as the layer above a storage would. */
export function watchClaims(inner: Storage): { storage: Storage; newest: (fence: Fence) => Fence } {
  const claims = new Map<string, Fence>()
  const storage = alter(inner, {
    claim: async (fences) => {
      const results = await inner.claim(fences)
      for (const [index, fence] of fences.entries()) if (results[index] === 'claimed') claims.set(fence.shard, fence)
      return results
    },
  })
  return { storage, newest: (fence) => claims.get(fence.shard) ?? fence }
}
