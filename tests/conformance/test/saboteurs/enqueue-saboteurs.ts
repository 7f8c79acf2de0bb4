import type { QueryClient, SaveMessage, Storage } from '@cruster/core/ports'
import { type Saboteur, alter } from './alter-storage.ts'

type Enqueue = NonNullable<Storage['enqueue']>

const alterEnqueue = (inner: Storage, change: (enqueue: Enqueue) => Enqueue): Storage =>
  alter(inner, {
    enqueue: change((transaction, messages) => {
      if (inner.enqueue === undefined) throw new TypeError('this storage cannot enqueue')
      return inner.enqueue(transaction, messages)
    }),
  })

async function storeAtOnce(inner: Storage, operations: readonly SaveMessage[]): ReturnType<Enqueue> {
  const [result] = await inner.commit([{ operations }])
  if (result?.kind !== 'applied' && result?.kind !== 'duplicate') throw new TypeError('a message was not stored')
  return result
}

const run = (transaction: Parameters<Enqueue>[0], text: string): Promise<unknown> =>
  'execute' in transaction ? transaction.execute({ sql: text, parameters: [] }) : ask(transaction, text)

const ask = (client: QueryClient, text: string): Promise<unknown> => client.query(text, [])

export const storesAtOnce: Saboteur = (inner) =>
  alterEnqueue(inner, () => (_, messages) => storeAtOnce(inner, messages))

export const storesSomeShardsAtOnce: Saboteur = (inner) =>
  alterEnqueue(inner, (enqueue) => async (transaction, messages) => {
    const first = messages[0]?.message.address.shard
    const others = messages.filter(({ message }) => message.address.shard !== first)
    if (others.length === 0) return enqueue(transaction, messages)
    await storeAtOnce(inner, others)
    const here = await enqueue(
      transaction,
      messages.filter((each) => !others.includes(each)),
    )
    return here.kind === 'applied' ? { ...here, sequences: [...here.sequences, 1] } : here
  })

export const storesAtOnceWhenBusy: Saboteur = (inner) => {
  let running = 0
  return alterEnqueue(inner, (enqueue) => async (transaction, messages) => {
    running++
    // Whoever comes in the same moment counts, too.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      return running > 1 ? await storeAtOnce(inner, messages) : await enqueue(transaction, messages)
    } finally {
      running--
    }
  })
}

export const endsTransactionsOnKnownIds: Saboteur = (inner) =>
  alterEnqueue(inner, (enqueue) => async (transaction, messages) => {
    const result = await enqueue(transaction, messages)
    if (result.kind === 'duplicate') await run(transaction, 'select broken').catch(() => undefined)
    return result
  })

export const beginsTransactionsItself: Saboteur = (inner) =>
  alterEnqueue(inner, (enqueue) => async (transaction, messages) => {
    await run(transaction, 'begin')
    return enqueue(transaction, messages)
  })
