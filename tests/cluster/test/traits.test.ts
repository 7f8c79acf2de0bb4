import { activity, defineEntity, defineTrait, error, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

const Auditable = defineTrait('Auditable', {
  state: () => ({ entries: [] as string[] }),
  errors: { Tampered: error<{ at: number }>() },
  methods: {
    getAuditLog: rpc<{ limit: number }, readonly string[]>(),
    logAudit: activity<string, number>({ visibility: 'protected' }),
    tamper: activity(),
  },
})
const Pingable = defineTrait('Pingable', { methods: { ping: rpc<void, string>() } })
const Account = defineEntity('Account', {
  state: () => ({ balance: 0 }),
  traits: [Auditable, Pingable],
  methods: { deposit: activity<number, number>(), balance: rpc<void, number>() },
})

const auditable = Auditable.implement({
  getAuditLog: ({ state }, { limit }) => state.entries.slice(-limit),
  logAudit: ({ state }, entry) => state.entries.push(entry),
  tamper: () => {
    throw new Auditable.errors.Tampered({ at: 7 })
  },
})
const account = Account.implement(
  {
    deposit: async ({ state, self }, amount) => {
      state.balance += amount
      await self.logAudit(`deposit ${amount}`)
      if (amount < 0) throw new Error('not a deposit')
      return state.balance
    },
    balance: ({ state }) => state.balance,
  },
  { traits: [auditable, Pingable.implement({ ping: ({ id }) => `pong ${id}` })] },
)

it('offers the methods of traits on the clients of an entity', async () => {
  const cluster = await startCluster({ register: [account], runners: 2 })
  const one = cluster.client(Account).get('a')

  await one.deposit(5)

  expect(await one.getAuditLog({ limit: 10 })).toEqual(['deposit 5'])
  expect(await one.ping()).toBe('pong a')
})

it('keeps the state of an entity and of its traits together', async () => {
  const cluster = await startCluster({ register: [account], runners: 3 })
  const one = cluster.client(Account).get('a')
  await one.deposit(5)

  await expect(one.deposit(-1)).rejects.toThrow('not a deposit')
  await cluster.crash(cluster.ownerOf(Account, 'a'))

  expect(await cluster.settled(one.balance())).toBe(5)
  expect(await cluster.settled(one.getAuditLog({ limit: 10 }))).toEqual(['deposit 5'])
})

it('brings the declared errors of a trait as instances', async () => {
  const cluster = await startCluster({ register: [account] })

  await expect(cluster.client(Account).get('a').tamper()).rejects.toBeInstanceOf(Auditable.errors.Tampered)
})

it('starts the state of a trait that was added to stored entities', async () => {
  const Before = defineEntity('Account', { state: () => ({ balance: 0 }), methods: Account.methods })
  const before = Before.implement({
    deposit: ({ state }, amount) => (state.balance += amount),
    balance: ({ state }) => state.balance,
  })
  const cluster = await startCluster({ runners: [{ register: [before] }] })
  await cluster.client(Before).get('a').deposit(5)

  await cluster.add({ register: [account] })
  await cluster.stop(cluster.runners[0]!)
  await cluster.balanced()

  expect(await cluster.client(Account).get('a').deposit(5)).toBe(10)
  expect(await cluster.client(Account).get('a').getAuditLog({ limit: 10 })).toEqual(['deposit 5'])
})
