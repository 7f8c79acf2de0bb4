import { activity, defineEntity, error, rpc } from '@cruster/core'
import { workflow } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import type { World } from '../world.ts'

const Account = defineEntity('Account', {
  state: () => ({ balance: 10, log: [] as string[] }),
  errors: { Insufficient: error<{ balance: number }>() },
  methods: {
    add: activity<number, number>(),
    note: activity<string>({ visibility: 'private' }),
    getBalance: rpc<void, number>(),
    getLog: rpc<void, string[]>(),
    payLater: workflow<{ amount: number; ms: number }, number>(),
    drain: workflow<number, number>(),
  },
})

const account = Account.implement({
  add: ({ state }, amount) => (state.balance += amount),
  note: ({ state }, text) => void state.log.push(text),
  getBalance: ({ state }) => state.balance,
  getLog: ({ state }) => [...state.log],
  async payLater(ctx, { amount, ms }) {
    const before = ctx.state.balance
    await ctx.self.note(`${ctx.id} had ${before}`)
    await ctx.sleep(ms)
    await ctx.self.add(-amount)
    await ctx.self.note(`${ctx.id} has ${ctx.state.balance}`)
    return ctx.state.balance
  },
  async drain(ctx, amount) {
    if (ctx.state.balance < amount) throw new Account.errors.Insufficient({ balance: ctx.state.balance })
    return ctx.self.add(-amount)
  },
})

export function entityMethods(world: World): void {
  describe('workflow methods of an entity', () => {
    const start = () => world.start({ register: [account] })

    it('read its state and change it through its activities, and do not hold its mailbox while they wait', async () => {
      const { cluster, settled } = await start()
      const accounts = cluster.client(Account)

      const paid = accounts.get('a').payLater({ amount: 3, ms: world.time(5) })
      await settled(
        (async () => {
          while ((await accounts.get('a').getLog()).length === 0) await new Promise((go) => setTimeout(go, 1))
        })(),
      )
      expect(await settled(accounts.get('a').add(100))).toBe(110)
      expect(await settled(paid)).toBe(107)
      expect(await settled(accounts.get('a').getLog())).toEqual(['a had 10', 'a has 107'])
    })

    it('fail with the errors that the contract declares', async () => {
      const { cluster, failure } = await start()

      const failed = await failure(cluster.client(Account).get('b').drain(50))
      expect(failed).toBeInstanceOf(Account.errors.Insufficient)
      expect(failed).toMatchObject({ data: { balance: 10 } })
    })

    it('are executed once under an idempotency key', async () => {
      const { cluster, settled } = await start()
      const accounts = cluster.client(Account)

      for (let time = 0; time < 3; time += 1) {
        expect(await settled(accounts.get('c').drain(4, { idempotencyKey: 'k' }))).toBe(6)
      }
      expect(await settled(accounts.get('c').getBalance())).toBe(6)
    })

    it('go on after a crash of their runner', async () => {
      const { cluster, settled } = await start()
      const accounts = cluster.client(Account)

      await settled(accounts.notify('d').payLater({ amount: 1, ms: world.time(3) }))
      await cluster.until('it waits', async () => (await settled(accounts.get('d').getLog())).length === 1)
      await cluster.crash(cluster.ownerOf(Account, 'd'))
      await cluster.until('it is done', async () => (await settled(accounts.get('d').getLog())).length === 2)
      expect(await settled(accounts.get('d').getLog())).toEqual(['d had 10', 'd has 9'])
    })

    it('can be begun by a message, and for later', async () => {
      const { cluster, settled, pass } = await start()
      const accounts = cluster.client(Account)

      await settled(accounts.schedule('e', { after: world.time(1) }).drain(4))
      await settled(accounts.notify('e').drain(2))
      await pass(world.time(3))
      await cluster.until('both are done', async () => (await settled(accounts.get('e').getBalance())) === 4)
    })
  })
}
