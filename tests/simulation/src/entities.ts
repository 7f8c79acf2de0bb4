import type { EntityImplementation } from '@cruster/core'
import { activity, defineEntity, rpc, stream } from '@cruster/core'
import type { EffectLog } from './effect-log.ts'

/** One value. */
export const Register = defineEntity('Register', {
  state: () => ({ value: null as string | null }),
  methods: {
    write: activity<string>(),
    swap: activity<{ from: string | null; to: string }, boolean>(),
    read: rpc<void, string | null>(),
  },
})

/** A number. */
export const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: { increment: activity<number, number>(), get: rpc<void, number>() },
})

/** First in, first out. */
export const Queue = defineEntity('Queue', {
  state: () => ({ items: [] as string[] }),
  methods: {
    enqueue: activity<string, number>(),
    dequeue: activity<void, string | null>(),
    size: rpc<void, number>(),
  },
})

/** Takes messages, and streams what it has taken. */
export const Inbox = defineEntity('Inbox', {
  state: () => ({ items: [] as string[] }),
  methods: {
    put: activity<string>(),
    /** Fails whenever it is delivered. */
    poison: activity<string>(),
    tail: stream<void, string>(),
    list: rpc<void, readonly string[]>(),
  },
})

/** Money that moves between accounts by messages, and is written down in SQL too. */
export const Account = defineEntity('Account', {
  state: () => ({ balance: 100 }),
  methods: {
    send: activity<{ to: string; amount: number }, boolean>(),
    receive: activity<number>({ visibility: 'protected' }),
    balance: rpc<void, number>(),
  },
})

/** A persisted rpc whose effects are rows. */
export const Ledger = defineEntity('Ledger', {
  methods: { book: rpc<string, number>({ persisted: true }) },
})

/** All entities of the simulation. What their handlers do is written down in the log, as the world outside sees it. */
export function implementations(log: EffectLog): readonly EntityImplementation[] {
  return [
    Register.implement({
      write: (context, value) => {
        log.started(context)
        context.state.value = value
      },
      swap: (context, { from, to }) => {
        log.started(context)
        const { state } = context
        if (state.value !== from) return false
        state.value = to
        return true
      },
      read: ({ state }) => state.value,
    }),
    Counter.implement({
      increment: (context, by) => {
        log.started(context)
        return (context.state.count += by)
      },
      get: ({ state }) => state.count,
    }),
    Queue.implement({
      enqueue: (context, item) => {
        log.started(context)
        return context.state.items.push(item)
      },
      dequeue: (context) => {
        log.started(context)
        return context.state.items.shift() ?? null
      },
      size: ({ state }) => state.items.length,
    }),
    Inbox.implement({
      put: (context, item) => {
        log.started(context)
        context.state.items.push(item)
      },
      poison: (context) => {
        log.started(context)
        throw new Error('this message cannot be taken')
      },
      async *tail({ changes, resume }) {
        let next = resume?.received ?? 0
        for await (const { items } of changes()) for (; next < items.length; next += 1) yield items[next] ?? ''
      },
      list: ({ state }) => state.items,
    }),
    Account.implement({
      send: async (context, { to, amount }) => {
        log.started(context)
        const { state, tx, client, id, request } = context
        if (state.balance < amount || to === id) return false
        state.balance -= amount
        await tx.query`insert into transfers (request, account, amount) values (${request.id}, ${id}, ${-amount})`
        await client(Account).notify(to).receive(amount)
        return true
      },
      receive: async (context, amount) => {
        log.started(context)
        const { state, tx, id, request } = context
        state.balance += amount
        await tx.query`insert into transfers (request, account, amount) values (${request.id}, ${id}, ${amount})`
      },
      balance: ({ state }) => state.balance,
    }),
    Ledger.implement({
      book: async (context, text) => {
        log.started(context)
        const { tx, id } = context
        await tx.query`insert into bookings (ledger, text) values (${id}, ${text})`
        const [row] = await tx.query<{ count: number }>`select count(*) as count from bookings where ledger = ${id}`
        return Number(row?.count)
      },
    }),
  ]
}

/** Tables of the entities that write SQL. */
export const tables: readonly string[] = [
  'create table if not exists transfers (request text not null, account text not null, amount integer not null)',
  'create table if not exists bookings (ledger text not null, text text not null)',
]
