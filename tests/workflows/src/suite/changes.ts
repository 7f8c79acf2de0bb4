import { activity } from '@cruster/core'
import { defineWorkflow, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { interrupt } from '../executions-of.ts'
import type { Scene, World } from '../world.ts'

const Order = defineWorkflow('Order', {
  input: typed<string>(),
  output: typed<unknown>(),
  key: (id) => id,
  signals: { go: signal() },
  activities: {
    reserve: activity<number, string>(),
    charge: activity<number, string>(),
    ship: activity<string, string>(),
  },
})
type Body = Parameters<typeof Order.implement>[0] extends { run: infer Run } ? Run : never

/** What was done since the last look. */
let done: string[] = []

const withBody = (run: Body) =>
  Order.implement({
    activities: {
      reserve: (_, count) => (done.push(`reserve ${count}`), 'r'),
      charge: (_, amount) => (done.push(`charge ${amount}`), 'c'),
      ship: (_, where) => (done.push(`ship ${where}`), 's'),
    },
    run,
  })

const original: Body = async (ctx) => {
  await ctx.reserve(1)
  await ctx.charge(10)
  await ctx.signal('go')
  return ctx.ship('home')
}

export function changes(world: World): void {
  describe('a changed body', () => {
    /** An execution of the original body that waits, and then goes on with the changed one. */
    async function changed(to: Body) {
      let body: Body = original
      const scene = await world.start({ register: [withBody((ctx, input) => body(ctx, input))] })
      const run = await scene.settled(scene.cluster.client(Order).start('o'))
      await scene.cluster.until('it waits', async () => (await run.status())?.note?.includes('go') === true)
      done = []
      body = to
      await scene.settled(interrupt(scene.cluster, 'Order', 'o'))
      await scene.settled(run.signal('go'))
      const change = (next: Body): void => {
        body = next
      }
      return { ...scene, run, change }
    }

    type Changed = Awaited<ReturnType<typeof changed>>

    async function note({ cluster, run }: Changed): Promise<string> {
      await cluster.until('it is paused', async () => (await run.status())?.status === 'paused')
      return (await run.status())?.note ?? ''
    }

    it.each<[string, Body, readonly string[]]>([
      [
        'an inserted step',
        async (ctx) => {
          await ctx.ship('first')
          return original(ctx, 'o')
        },
        ['step 1', 'activity reserve', 'activity ship'],
      ],
      [
        'a removed step',
        async (ctx) => {
          await ctx.charge(10)
          await ctx.signal('go')
        },
        ['step 1', 'activity reserve', 'activity charge'],
      ],
      [
        'steps in another order',
        async (ctx) => {
          await ctx.charge(10)
          await ctx.reserve(1)
          await ctx.signal('go')
        },
        ['step 1', 'activity reserve', 'activity charge'],
      ],
      [
        'another input',
        async (ctx) => {
          await ctx.reserve(1)
          await ctx.charge(11)
          await ctx.signal('go')
        },
        ['step 2', 'activity charge'],
      ],
      [
        'another kind of step',
        async (ctx) => {
          await ctx.reserve(1)
          await ctx.run('charge', () => 'inline')
          await ctx.signal('go')
        },
        ['step 2', 'activity charge', 'run charge'],
      ],
      [
        'a body that ends before its history does',
        async (ctx) => {
          await ctx.reserve(1)
          return 'done'
        },
        ['step 2', 'activity charge'],
      ],
    ])('pauses on %s, and says where', async (_, to, texts) => {
      const scene = await changed(to)

      const text = await note(scene)
      for (const expected of texts) expect(text).toContain(expected)
      expect(done).toEqual([])
      expect(await scene.settled(scene.run.poll())).toEqual({ kind: 'running' })
    })

    it('says both digests when only the input differs', async () => {
      const scene = await changed(async (ctx) => {
        await ctx.reserve(2)
      })

      const digests = (await note(scene)).match(/[\da-f]{16,}/gu)
      expect(new Set(digests).size).toBe(2)
    })

    it('goes on when the body fits again and the execution is resumed', async () => {
      const scene = await changed(async (ctx) => ctx.ship('wrong'))
      await note(scene)

      scene.change(original)
      await scene.settled(scene.run.resume())
      expect(await scene.settled(scene.run.result())).toBe('s')
      expect(done).toEqual(['ship home'])
    })

    it('pauses again when it is resumed and still does not fit', async () => {
      const scene = await changed(async (ctx) => ctx.ship('wrong'))
      await note(scene)

      await scene.settled(scene.run.resume())
      await scene.pass(world.time(1))
      expect(await note(scene)).toContain('step 1')
      expect(done).toEqual([])
    })

    it('carries old executions over where it asks `patched`, and new ones take the new way', async () => {
      const patchedBody: Body = async (ctx) => {
        await ctx.reserve(1)
        if (ctx.patched('check first')) await ctx.ship('checked')
        await ctx.charge(10)
        await ctx.signal('go')
        return ctx.patched('later') ? 'new end' : 'old end'
      }
      const { run, settled, cluster } = await changed(patchedBody)

      expect(await settled(run.result())).toBe('new end')
      expect(done).toEqual([])
      const fresh = await settled(cluster.client(Order).start('new'))
      await settled(fresh.signal('go'))
      expect(await settled(fresh.result())).toBe('new end')
      expect(done).toEqual(['reserve 1', 'ship checked', 'charge 10'])
    })

    it('gives the same answer of `patched` however often it runs again', async () => {
      const { settled, cluster, change } = await changed(original)
      const answers: boolean[][] = []
      change(async (ctx) => {
        const asked = [ctx.patched('a'), ctx.patched('b'), ctx.patched('a')]
        answers.push(asked)
        await ctx.signal('go')
        return asked
      })
      const run = await settled(cluster.client(Order).start('p'))
      await cluster.until('it waits', async () => (await run.status())?.note?.includes('go') === true)
      await settled(interrupt(cluster, 'Order', 'p'))
      await settled(run.signal('go'))

      expect(await settled(run.result())).toEqual([true, true, true])
      expect(answers.length).toBeGreaterThan(1)
      for (const asked of answers) expect(asked).toEqual([true, true, true])
    })
  })

  describe('versions', () => {
    const version = (number: number, run: Body) =>
      defineWorkflow('Versioned', {
        input: typed<string>(),
        output: typed<unknown>(),
        key: (id) => id,
        version: number,
        signals: { go: signal() },
      }).implement({
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it uses what both have
        run: run as never,
      })
    const first = version(1, async (ctx) => {
      await ctx.signal('go')
      return `one ${ctx.version}`
    })
    const second = version(2, async (ctx) => {
      await ctx.sleep(1)
      await ctx.signal('go')
      return `two ${ctx.version}`
    })
    const contract = defineWorkflow('Versioned', {
      input: typed<string>(),
      output: typed<unknown>(),
      key: (id) => id,
      signals: { go: signal() },
    })

    async function finish({ cluster, settled }: Scene, id: string): Promise<unknown> {
      const run = cluster.client(contract).get(id)
      await settled(run.signal('go'))
      return settled(run.result())
    }

    it('live side by side: executions stay on theirs, the newest serves new starts', async () => {
      const scene = await world.start({ register: [first, second] })
      const client = scene.cluster.client(contract)
      await scene.settled(client.withKey('old').start('x', { version: 1 }))
      await scene.settled(client.withKey('new').start('x'))

      expect(await finish(scene, 'old')).toBe('one 1')
      expect(await finish(scene, 'new')).toBe('two 2')
    })

    it('that nobody has wait, visibly, and never fail', async () => {
      const scene = await world.start({ register: [first], runners: 1 })
      const { cluster, settled, pass } = scene
      const client = cluster.client(contract)
      const run = await settled(client.withKey('future').start('x', { version: 2 }))
      await pass(world.time(2))

      expect(await settled(run.poll())).not.toMatchObject({ kind: 'failed' })
      const status = await settled(run.status())
      expect(status).toMatchObject({ note: expect.stringContaining('version 2') })
      await settled(run.signal('go'))
      cluster.runners[0]!.runner.register(second)
      expect(await settled(run.result())).toBe('two 2')
    })
  })
}
