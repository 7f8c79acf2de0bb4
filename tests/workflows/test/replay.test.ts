import { NonDeterminismError, activity } from '@cruster/core'
import { defineWorkflow, replay, signal, typed } from '@cruster/workflow'
import { expect, it } from 'vitest'
import { testClusterWorld } from '../src/worlds.ts'

const Order = defineWorkflow('Order', {
  input: typed<string>(),
  output: typed<string>(),
  key: (id) => id,
  signals: { go: signal() },
  activities: { charge: activity<number, string>(), ship: activity<string, string>() },
})
type Body = Parameters<typeof Order.implement>[0] extends { run: infer Run } ? Run : never

let charged = 0
const withBody = (run: Body) =>
  Order.implement({
    activities: { charge: () => `payment ${(charged += 1)}`, ship: (_, where) => `shipped to ${where}` },
    run,
  })
const original = withBody(async (ctx) => {
  const payment = await ctx.charge(10)
  await ctx.sleep('1 hour')
  await ctx.signal('go')
  return `${payment}, ${await ctx.ship('home')}`
})

/** Histories of one execution: while it waits, and when it has ended. */
async function histories() {
  const { cluster, settled, pass } = await testClusterWorld.start({ register: [original] })
  const run = await settled(cluster.client(Order).start('o'))
  await pass(1000)
  const open = await settled(run.history())
  await pass(3_600_000)
  await settled(run.signal('go'))
  await settled(run.result())
  return { open, ended: await settled(run.history()) }
}

it('finds nothing wrong with the body that made a history, and does nothing again', async () => {
  const { open, ended } = await histories()
  const before = charged

  expect(await replay(open, original)).toEqual({ kind: 'open', operations: ['sleep'] })
  expect(await replay(ended, original)).toEqual({ kind: 'completed', output: `payment ${before}, shipped to home` })
  expect(charged).toBe(before)
})

it('names the step at which a changed body does something else', async () => {
  const { open } = await histories()
  const changed = withBody(async (ctx) => {
    await ctx.ship('elsewhere')
    return ctx.charge(10)
  })

  const failure = await replay(open, changed).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(NonDeterminismError)
  expect(failure).toMatchObject({ step: 1, recorded: 'activity charge', asked: 'activity ship' })
})

it('takes a patched body, which old histories do not enter', async () => {
  const { open, ended } = await histories()
  const patched = withBody(async (ctx) => {
    const payment = await ctx.charge(10)
    if (ctx.patched('check')) await ctx.ship('check')
    await ctx.sleep('1 hour')
    await ctx.signal('go')
    return `${payment}, ${await ctx.ship('home')}`
  })

  expect(await replay(open, patched)).toMatchObject({ kind: 'open' })
  expect(await replay(ended, patched)).toMatchObject({ kind: 'completed' })
})

it.each<[string, Body]>([
  [
    'another result',
    async (ctx) => {
      await ctx.charge(10)
      await ctx.sleep('1 hour')
      await ctx.signal('go')
      await ctx.ship('home')
      return 'nothing'
    },
  ],
  [
    'a step more at its end',
    async (ctx) => {
      await ctx.charge(10)
      await ctx.sleep('1 hour')
      await ctx.signal('go')
      await ctx.ship('home')
      return ctx.ship('home again')
    },
  ],
])('finds a body that has %s than the history', async (_, body) => {
  const { ended } = await histories()

  await expect(replay(ended, withBody(body))).rejects.toThrow('the end')
})

it('runs the body again at every step with alwaysReplay, which finds what changes from run to run', async () => {
  let runs = 0
  const steady = withBody(async (ctx) => {
    runs += 1
    const payment = await ctx.charge(10)
    await ctx.sleep(10)
    await ctx.sleep(10)
    return payment
  }).alwaysReplay()
  let turn = 0
  const wild = defineWorkflow('Wild', { output: typed<string>() })
    .implement({
      async run(ctx) {
        await ctx.run(`step ${(turn += 1)}`, () => 1)
        await ctx.sleep(10)
        await ctx.sleep(10)
        return 'never'
      },
    })
    .alwaysReplay()
  const { cluster, settled, pass } = await testClusterWorld.start({ register: [steady, wild] })

  expect(await settled(cluster.client(Order).execute('a'))).toContain('payment')
  expect(runs).toBeGreaterThan(2)
  const run = await settled(cluster.client(defineWorkflow('Wild', { output: typed<string>() })).start())
  await pass(5000)
  expect(await settled(run.status())).toMatchObject({ status: 'paused', note: expect.stringContaining('step 1') })
})
