import { rpc } from '@cruster/core'
import { defineEntity } from '@cruster/core'
import { defineWorkflow, signal, typed } from '@cruster/workflow'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { postgresWorld, sqliteWorld } from '../src/worlds.ts'

const Order = defineWorkflow('Order', {
  input: typed<string>(),
  output: typed<string>(),
  key: (id) => id,
  signals: { go: signal<string>() },
})
const order = Order.implement({ run: async (ctx, id) => `${id} ${await ctx.signal('go')}` })

const heard: string[] = []
const Bell = defineEntity('Bell', { methods: { ring: rpc<string>() } })
const bell = Bell.implement({ ring: (_, text) => void heard.push(text) })

/** A connection on which a user begins transactions. */
async function userConnection(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

it(
  'starts executions, signals them and sends messages if and only if the user commits',
  { timeout: 60_000 },
  async () => {
    const { cluster, settled, pass, url } = await postgresWorld.start({ register: [order, bell] })
    const { runner } = cluster.runners[0]!
    const orders = runner.client(Order)
    const transaction = await userConnection(url!)

    await transaction.query('begin')
    await orders.start('kept', { transaction })
    await orders.get('kept').signal('go', 'together', { transaction })
    await runner.client(Bell).notify('b').ring('kept', { transaction })
    await pass(200)
    expect(await orders.get('kept').poll()).toEqual({ kind: 'unknown' })
    await transaction.query('commit')
    expect(await settled(orders.get('kept').result())).toBe('kept together')

    await transaction.query('begin')
    await orders.start('dropped', { transaction })
    await runner.client(Bell).notify('b').ring('dropped', { transaction })
    await transaction.query('rollback')
    await pass(500)
    expect(await orders.get('dropped').poll()).toEqual({ kind: 'unknown' })
    expect(heard).toEqual(['kept'])
  },
)

it('says where there are no transactions of users', async () => {
  const { cluster, failure } = await sqliteWorld.start({ register: [order] })
  const transaction = { query: async () => ({ rows: [] }) }
  const { runner } = cluster.runners[0]!

  expect((await failure(runner.client(Order).start('x', { transaction }))).message).toContain('in an activity')
  expect((await failure(cluster.client(Order).start('x', { transaction }))).message).toContain('from a runner')
})
