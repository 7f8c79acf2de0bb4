import { activity, defineEntity, defineTrait, error, memory, persisted, rpc, stream } from '@cruster/core'
import type { Calls, EntityClient, EntityMethods } from '@cruster/core'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  maxIdleTime: '60s',
  methods: {
    increment: activity<number, number>(),
    getCount: rpc<void, number>(),
    add: activity({ input: z.object({ n: z.number().default(1) }), output: z.number() }),
    hidden: rpc({ input: z.string(), output: z.string(), visibility: 'private' }),
    peers: rpc<string, number>({ visibility: 'protected', persisted: true }),
    watch: stream<void, number>(),
  },
  errors: { Insufficient: error<{ balance: number }>(), Bad: z.object({ why: z.string() }) },
})

const Auditable = defineTrait('Auditable', {
  state: () => ({ entries: [] as string[] }),
  methods: {
    getAuditLog: rpc<{ limit: number }, string[]>(),
    logAudit: activity<string>({ visibility: 'protected' }),
  },
})

const Account = defineEntity('Account', {
  traits: [Auditable],
  state: memory(() => ({ balance: 0 })),
  methods: { deposit: activity<number, number>() },
})

declare const counters: EntityClient<EntityMethods<typeof Counter>>
declare const accounts: EntityClient<EntityMethods<typeof Account>>

describe('what a contract lets one write', () => {
  it('infers handler arguments and results without annotations', () => {
    Counter.implement({
      increment: ({ state }, amount) => (state.count += amount),
      getCount: ({ state }) => state.count,
      add: ({ state, self }, { n }) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        expectTypeOf(self.hidden).toBeFunction()
        return (state.count += n)
      },
      hidden: (_, text) => text.toUpperCase(),
      peers: (_, text) => text.length,
      async *watch({ changes, resume }) {
        expectTypeOf(resume?.last).toEqualTypeOf<number | undefined>()
        for await (const { count } of changes()) yield count
      },
    })
    const auditable = Auditable.implement({
      getAuditLog: ({ state }, { limit }) => state.entries.slice(-limit),
      logAudit: ({ state }, text) => {
        state.entries.push(text)
      },
    })
    Account.implement(
      {
        deposit: async ({ state, self }, amount) => {
          await self.logAudit('deposit')
          return (state.balance += amount)
        },
      },
      { traits: [auditable], onIdle: ({ state }) => state.balance > 0 },
    )
    Account.implement(
      (deps: { limit: number }) => ({ deposit: ({ state }, amount) => (state.balance += amount + deps.limit) }),
      {
        traits: [auditable],
      },
    )
  })

  it('types the calls of a client', () => {
    type Handle = Calls<EntityMethods<typeof Counter>, 'public'>
    expectTypeOf<Handle['increment']>().returns.toEqualTypeOf<Promise<number>>()
    expectTypeOf<Handle['watch']>().returns.toEqualTypeOf<AsyncIterable<number>>()
    expectTypeOf<Parameters<Handle['add']>[0]>().toEqualTypeOf<{ n?: number | undefined }>()
    expectTypeOf<keyof Handle>().toEqualTypeOf<'increment' | 'getCount' | 'add' | 'watch'>()
    type AccountHandle = Calls<EntityMethods<typeof Account>, 'public'>
    expectTypeOf<keyof AccountHandle>().toEqualTypeOf<'deposit' | 'getAuditLog'>()
  })

  it('refuses what cannot work', () => {
    const never = (): void => {
      // @ts-expect-error private methods are not on clients
      void counters.get('a').hidden('x')
      // @ts-expect-error nor are protected ones
      void accounts.get('a').logAudit('x')
      // @ts-expect-error an activity takes the input it declares
      void counters.get('a').increment('x')
      // @ts-expect-error an input that is declared must be given
      void counters.get('a').increment()
      void counters.get('a').getCount(undefined, { timeout: '2s' })
      // @ts-expect-error streams are not sent one way
      void counters.notify('a').watch()
      // @ts-expect-error each method needs a handler
      Counter.implement({
        // @ts-expect-error state is read only in an rpc
        getCount: ({ state }) => (state.count = 3),
      })
      // @ts-expect-error a trait needs its implementation
      Account.implement({ deposit: () => 1 })
      defineEntity('Clash', {
        traits: [Auditable],
        methods: {
          // @ts-expect-error a trait has a method of this name
          getAuditLog: rpc(),
        },
      })
      // @ts-expect-error a duration needs a unit that exists
      rpc({ timeout: '5 parsecs' })
    }
    expectTypeOf(never).toBeFunction()
    expectTypeOf(new Counter.errors.Insufficient({ balance: 1 }).data).toEqualTypeOf<{ balance: number }>()
    expectTypeOf(new Counter.errors.Bad({ why: '' }).data).toEqualTypeOf<{ why: string }>()
    expectTypeOf(
      persisted({ initial: () => ({ a: 1 }), version: 2, migrate: () => ({ a: 2 }) }).initial('x'),
    ).toEqualTypeOf<{ a: number }>()
  })
})
