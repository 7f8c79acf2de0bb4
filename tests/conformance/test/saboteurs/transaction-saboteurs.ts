import type { Fence, SqlStatement } from '@cruster/core/ports'
import { type Saboteur, alter, alterTransactions, applied, watchClaims } from './alter-storage.ts'

export const losesUserSql: Saboteur = (inner) =>
  alter(inner, {
    begin: async (fence, signal) => {
      const transaction = await inner.begin(fence, signal)
      let isTable = false
      return {
        sql: {
          dialect: transaction.sql.dialect,
          query: (template, ...values) => transaction.sql.query(template, ...values),
          execute: (statement) => {
            isTable ||= statement.sql.startsWith('create')
            return transaction.sql.execute(statement)
          },
        },
        commit: async (operations) => {
          if (isTable) return transaction.commit(operations)
          await transaction[Symbol.asyncDispose]()
          const [result] = await inner.commit([{ fence, operations }])
          return result ?? applied
        },
        [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
      }
    },
  })

export const keepsUserSqlOfRefusedTransactions: Saboteur = (inner) =>
  alterTransactions(inner, (transaction, fence) => {
    const statements: SqlStatement[] = []
    return {
      sql: {
        dialect: transaction.sql.dialect,
        query: async (template, ...values) => {
          const statement = { sql: template.join('?'), parameters: values }
          statements.push(statement)
          const { rows } = await transaction.sql.execute(statement)
          return rows as never
        },
        execute: (statement) => transaction.sql.execute(statement),
      },
      commit: async (operations) => {
        const result = await transaction.commit(operations)
        if (result.kind === 'applied') return result
        const epoch = (await inner.newestEpoch()) as Fence['epoch']
        await using second = await inner.begin({ shard: fence.shard, epoch }, new AbortController().signal)
        for (const statement of statements) await second.sql.execute(statement)
        await second.commit([])
        return result
      },
    }
  })

export const ignoresAborts: Saboteur = (inner) =>
  alter(inner, { begin: (fence) => inner.begin(fence, new AbortController().signal) })

export const commitsDisposedTransactions: Saboteur = (inner) =>
  alterTransactions(inner, (transaction) => ({
    [Symbol.asyncDispose]: async () => {
      await transaction.commit([]).catch(() => undefined)
      await transaction[Symbol.asyncDispose]()
    },
  }))

export const hidesItsOwnWrites: Saboteur = (inner) =>
  alterTransactions(inner, (transaction) => {
    const writes: (() => Promise<unknown>)[] = []
    return {
      sql: {
        dialect: transaction.sql.dialect,
        query: async (template, ...values) => {
          if (template[0]?.startsWith('select') === true) return transaction.sql.query(template, ...values)
          writes.push(() => transaction.sql.query(template, ...values))
          return []
        },
        execute: (statement) => transaction.sql.execute(statement),
      },
      commit: async (operations) => {
        for (const write of writes) await write()
        return transaction.commit(operations)
      },
    }
  })

export const doesNotFenceTransactions: Saboteur = (inner) => {
  const { storage, newest } = watchClaims(inner)
  return alter(storage, { begin: (fence, signal) => inner.begin(newest(fence), signal) })
}

export const doesNotFenceEmptyTransactions: Saboteur = (inner) => {
  const { storage, newest } = watchClaims(inner)
  return alter(storage, {
    begin: async (fence, signal) => {
      const transaction = await inner.begin(newest(fence), signal)
      return {
        sql: transaction.sql,
        commit: async (operations) => {
          if (operations.length === 0 || fence.epoch === newest(fence).epoch) return transaction.commit(operations)
          await transaction[Symbol.asyncDispose]()
          return { kind: 'fenced', shard: fence.shard }
        },
        [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
      }
    },
  })
}
