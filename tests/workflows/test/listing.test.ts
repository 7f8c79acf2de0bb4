import { activity } from '@cruster/core'
import { defineWorkflow, runs, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { interrupt, ownerOf } from '../src/executions-of.ts'
import { listenedTo } from '../src/listened-to.ts'
import { testClusterWorld } from '../src/worlds.ts'

const parts = {
  output: typed<string>(),
  key: ({ id }: { readonly id: string }) => id,
  signals: { go: signal() },
  activities: {
    quick: activity(),
    long: activity(),
    twice: activity({ retry: { attempts: 2, initial: '10 minutes' } }),
  },
}
const activityNames = ['quick', 'long', 'twice'] as const
const input = typed<{ id: string; steps: readonly string[] }>()
const Steps = defineWorkflow('Steps', { input, ...parts })

/** Lets go who waits here. */
let letGo: () => void = () => {}
let waiting = 0
function untilLetGo(stop?: AbortSignal): Promise<void> {
  waiting += 1
  return new Promise((resolve, reject) => {
    letGo = resolve
    stop?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
}

/** Does what its input says. */
const implement = (version: number) =>
  defineWorkflow('Steps', { input, version, ...parts }).implement({
    activities: {
      quick: () => {},
      long: (context) => untilLetGo(context.signal),
      twice: ({ attempt }) => {
        if (attempt === 1) throw new Error('once more')
      },
    },
    async run(ctx, { id, steps }) {
      for (const [index, step] of steps.entries()) {
        if (step === 'sleep') await ctx.sleep('10 minutes')
        if (step === 'signal') await ctx.signal('go')
        if (step === 'child') await ctx.workflow(Steps).execute({ id: `${id}.child`, steps: ['signal'] })
        if (step === 'unrecorded') await untilLetGo()
        if (step === 'again') return ctx.continueAsNew({ id, steps: steps.slice(index + 1) })
        if (step === 'fail') throw new Error('as it should')
        const name = activityNames.find((each) => each === step)
        if (name !== undefined) await ctx[name]()
      }
      return id
    },
  })

async function start({ runners = 1 } = {}) {
  const { storage, clock, records } = await listenedTo()
  const scene = await testClusterWorld.start({ runners, register: [implement(1)], storage, clock })
  const { cluster, settled, pass } = scene
  const client = cluster.client(Steps)
  const count = () => settled(cluster.client(runs).count())
  // The cluster has settled.
  await pass(60_000)
  return {
    ...scene,
    records,
    count,
    client,
    begin: (id: string, ...steps: readonly string[]) => settled(client.start({ id, steps })),
    /** Begins one that comes to a step that lasts. */
    async beginLong(id: string, ...steps: readonly string[]) {
      const before = waiting
      const run = await settled(client.start({ id, steps }))
      await cluster.until('it is in the long step', () => waiting > before)
      return run
    },
  }
}

describe('the record of an execution', () => {
  it('is put once, with its end, when that comes soon', async () => {
    const { client, settled, records, pass } = await start()
    expect(await settled(client.execute({ id: 'a', steps: ['quick', 'quick', 'quick'] }))).toBe('a')
    await pass(10_000)

    expect(records).toEqual(['completed'])
  })

  it('is put once when a short one fails', async () => {
    const { client, settled, failure, records } = await start()
    await failure(client.execute({ id: 'a', steps: ['quick', 'fail'] }))

    expect(records).toEqual(['failed'])
    expect((await settled(client.list())).executions).toMatchObject([{ id: 'a', note: 'Error: as it should' }])
  })

  it.each([
    ['in a long step', ['quick', 'long']],
    ['in its first step', ['long']],
    ['waiting for something that is not recorded', ['quick', 'unrecorded']],
  ])('is put after a second of one that is at work still, %s', async (_, steps) => {
    const { beginLong, records, count, settled, pass } = await start()
    const run = await beginLong('a', ...steps)
    expect(records).toEqual([])
    expect(await settled(run.status())).toMatchObject({ workflow: 'Steps', version: 1, status: 'running' })
    await pass(1000)

    expect(records).toEqual(['running'])
    expect(await count()).toBe(1)
    await pass(60_000)
    letGo()
    expect(await settled(run.result())).toBe('a')
    expect(records).toEqual(['running', 'completed'])
  })

  it.each([
    ['sleeps', 'sleep'],
    ['waits for a signal', 'signal'],
    ['waits until a failed activity is tried again', 'twice'],
  ])('is put as soon as it rests: when it %s', async (_, step) => {
    const { begin, records, client, settled, pass } = await start()
    await begin('a', 'quick', step)
    await pass(50)
    expect(records).toEqual(['running'])
    expect((await settled(client.list({ status: 'running' }))).executions).toMatchObject([{ id: 'a' }])

    if (step === 'signal') await settled(client.get('a').signal('go'))
    expect(await settled(client.get('a').result())).toBe('a')
    expect(records).toEqual(['running', 'completed'])
  })

  it('is put of a parent as soon as it waits for its child, and of the child as soon as that rests', async () => {
    const { begin, count, settled, client, pass, records } = await start()
    await begin('a', 'child')
    await pass(200)
    expect(await count()).toBe(2)

    await settled(client.get('a.child').signal('go'))
    expect(await settled(client.get('a').result())).toBe('a')
    expect(records).toEqual(['running', 'running', 'completed', 'completed'])
  })

  it('is put at once by a pause', async () => {
    const { beginLong, records, settled } = await start()
    const run = await beginLong('a', 'quick', 'long')
    await settled(run.pause('to look at it'))

    expect(await settled(run.status())).toMatchObject({ status: 'paused', note: 'to look at it' })
    await settled(run.resume())
    letGo()
    expect(await settled(run.result())).toBe('a')
    expect(records).toEqual(['paused', 'running', 'completed'])
  })

  it('tells of a cancellation that comes before it is put', async () => {
    const { beginLong, records, settled, failure } = await start()
    const run = await beginLong('a', 'quick', 'long')
    await settled(run.cancel('not needed'))
    await failure(run.result())

    expect(await settled(run.status())).toMatchObject({ status: 'cancelled' })
    expect(records).toEqual(['cancelled'])
  })

  it('is put with each new run', async () => {
    const { client, settled, records } = await start()
    await settled(client.execute({ id: 'a', steps: ['quick', 'again', 'quick'] }))
    expect(records).toEqual(['running', 'completed'])

    await settled(client.get('a').restart())
    await settled(client.get('a').result())
    expect(records.slice(2)).toEqual(['running', 'completed'])
  })

  it('is not needed to go on after a crash, and is put then', async () => {
    const { cluster, beginLong, records, settled } = await start({ runners: 2 })
    const run = await beginLong('a', 'quick', 'quick', 'long')
    expect(records).toEqual([])
    const before = waiting
    await cluster.crash(ownerOf(cluster, 'Steps', 'a'))
    expect(await settled(run.status())).toMatchObject({ status: 'running' })
    await cluster.until('it goes on', () => waiting > before)

    expect(records).toEqual(['running'])
    letGo()
    expect(await settled(run.result())).toBe('a')
    expect(records).toEqual(['running', 'completed'])
  })

  it('is put of one that waits for its version after a crash', async () => {
    const { cluster, client, settled, records, pass } = await start()
    const [runner] = cluster.runners
    runner!.runner.register(implement(2))
    await settled(client.start({ id: 'a', steps: ['quick', 'quick', 'long'] }))
    await cluster.crash(runner!)
    expect(records).toEqual([])
    await cluster.restart(runner!)
    await pass(60_000)

    expect(records).toEqual(['running'])
    const status = await settled(client.get('a').status())
    expect(status).toMatchObject({ version: 2, status: 'running', note: expect.stringContaining('version 2') })
  })

  it('is not put again by who looks at one that rests', async () => {
    const { cluster, begin, records, settled, pass } = await start()
    const run = await begin('a', 'signal')
    await pass(1000)
    await interrupt(cluster, 'Steps', 'a')
    await settled(run.poll())
    await settled(run.status())
    await pass(10_000)

    expect(records).toEqual(['running'])
  })
})
