import { WorkflowCancelled, activity, defineEntity } from '@cruster/core'
import {
  defineWorkflow,
  deferredKey,
  query,
  rejectDeferred,
  resolveDeferred,
  runs,
  signal,
  typed,
} from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { World } from '../world.ts'

const paid = deferredKey<{ amount: number }>('paid')

const Wait = defineWorkflow('Wait', {
  input: typed<string>(),
  output: typed<unknown>(),
  key: (id) => id,
  signals: { go: signal<number>(), stop: signal(), note: signal(z.object({ text: z.string().default('none') })) },
  queries: { seen: query<void, number[]>(), plus: query({ input: z.number(), output: z.number() }) },
})

type Body = Parameters<typeof Wait.implement>[0] extends { run: infer Run } ? Run : never

const Door = defineEntity('Door', {
  methods: { ring: activity<{ token: string; value: unknown }, string>(), start: activity<string>() },
})
const door = Door.implement({
  ring: ({ client }, { token, value }) => resolveDeferred({ client }, token, value),
  start: async ({ client }, id) => {
    const run = await client(Wait).start(id)
    await run.signal('go', 5)
    if (id.endsWith('rolled back')) throw new Error('rolled back')
  },
})

export function waits(world: World): void {
  describe('waits', () => {
    async function started(run: Body, id = 'a') {
      const scene = await world.start({ register: [Wait.implement({ run }), door] })
      const handle = await scene.settled(scene.cluster.client(Wait).start(id))
      return { ...scene, run: handle }
    }

    it('sleep each time, also the second, the third and the tenth', async () => {
      const { run, settled } = await started(async (ctx) => {
        const times = [ctx.now()]
        for (let count = 0; count < 10; count += 1) {
          await ctx.sleep(world.time(1))
          times.push(ctx.now())
        }
        return times
      })

      const times = (await settled(run.result())) as number[]
      expect(times).toHaveLength(11)
      for (const [index, at] of times.slice(1).entries()) {
        expect(at - times[index]!).toBeGreaterThanOrEqual(world.time(1) - 5)
      }
    })

    it('sleep until a time, and not at all when that has passed', async () => {
      const { run, settled } = await started(async (ctx) => {
        const begun = ctx.now()
        await ctx.sleepUntil(begun + world.time(2))
        const then = ctx.now()
        await ctx.sleepUntil(new Date(begun))
        await ctx.sleep(0)
        return [then - begun, ctx.now() - then]
      })

      const [slept, passed] = (await settled(run.result())) as number[]
      expect(slept).toBeGreaterThanOrEqual(world.time(2) - 5)
      expect(passed).toBeLessThan(world.time(2))
    })

    it('take signals in the order in which they came, also those that came early', async () => {
      const { run, settled, pass } = await started(async (ctx) => {
        await ctx.sleep(world.time(2))
        const got: number[] = []
        for (let count = 0; count < 5; count += 1) got.push(await ctx.signal('go'))
        return got
      })

      for (const value of [1, 2, 3]) await settled(run.signal('go', value))
      await pass(world.time(3))
      for (const value of [4, 5]) await settled(run.signal('go', value))
      expect(await settled(run.result())).toEqual([1, 2, 3, 4, 5])
    })

    it('count a signal with an idempotency key once', async () => {
      const { run, settled } = await started(async (ctx) => [
        await ctx.signal('go'),
        await ctx.signal('go', { timeout: world.time(1) }),
      ])

      for (let time = 0; time < 3; time += 1) await settled(run.signal('go', 1, { idempotencyKey: 'k' }))
      expect(await settled(run.result())).toEqual([1, undefined])
    })

    it('give undefined when no signal comes in time, and leave a later one for the next wait', async () => {
      const { run, settled, pass } = await started(async (ctx) => {
        const first = await ctx.signal('go', { timeout: world.time(1) })
        return [first, await ctx.signal('go')]
      })

      await pass(world.time(2))
      await settled(run.signal('go', 7))
      expect(await settled(run.result())).toEqual([undefined, 7])
    })

    it('check what a signal carries, and refuse signals that are not declared', async () => {
      const { run, settled, failure } = await started((ctx) => ctx.signal('note'))

      await expect(run.signal('note', { text: 5 } as never)).rejects.toThrow('ignal note of Wait')
      expect((await failure(run.signal('nope' as never))).message).toContain(
        'Wait declares no signal "nope". It has: go, stop, note.',
      )
      await settled(run.signal('note', {}))
      expect(await settled(run.result())).toEqual({ text: 'none' })
    })

    it('take a value that is given before anybody waits, and keep the first', async () => {
      const { run, settled } = await started(async (ctx) => {
        await ctx.sleep(world.time(2))
        return ctx.deferred(paid).wait()
      })

      expect(await settled(run.resolve(paid, { amount: 5 }))).toBe('resolved')
      expect(await settled(run.resolve(paid, { amount: 6 }))).toBe('alreadyResolved')
      expect(await settled(run.result())).toEqual({ amount: 5 })
      expect(await settled(run.resolve('other', 1))).toBe('ended')
    })

    it('give the value of a deferred to everybody who waits for it, and undefined when time is over', async () => {
      const { run, settled, pass } = await started(async (ctx) => {
        const late = await ctx.deferred('d').wait({ timeout: world.time(1) })
        const both = await ctx.all([ctx.deferred('d').wait(), ctx.deferred('d').wait()])
        return [late, ...both, await ctx.deferred('d').wait()]
      })

      await pass(world.time(2))
      expect(await settled(run.resolve('d', 3))).toBe('resolved')
      expect(await settled(run.result())).toEqual([undefined, 3, 3, 3])
    })

    it('fail with the error that a deferred is given', async () => {
      const { run, settled, failure } = await started((ctx) => ctx.deferred(paid).wait())

      expect(await settled(run.reject(paid, new Error('the card was declined')))).toBe('resolved')
      expect((await failure(run.result())).message).toContain('the card was declined')
    })

    it('end by a token, from a runner, from an entity, and from a process without storage', async () => {
      const tokens: string[] = []
      const { run, settled, cluster } = await started(async (ctx) => {
        const names = ['a', 'b', 'c']
        tokens.push(...names.map((name) => ctx.deferred(name).token))
        return ctx.all(names.map((name) => ctx.deferred(name).wait()))
      })
      await cluster.until('the tokens are there', () => tokens.length >= 3)

      const [one, two, three] = tokens
      expect(await settled(resolveDeferred(cluster.runners[0]!.runner, one!, 1))).toBe('resolved')
      expect(await settled(cluster.client(Door).get('d').ring({ token: two!, value: 2 }))).toBe('resolved')
      expect(await settled(resolveDeferred(cluster, two!, 9))).toBe('alreadyResolved')
      expect(await settled(resolveDeferred(cluster, three!, 3))).toBe('resolved')
      expect(await settled(run.result())).toEqual([1, 2, 3])
      await expect(rejectDeferred(cluster, 'no token', new Error('x'))).rejects.toThrow('no token of a deferred')
    })

    it('answer queries while they wait and after they have ended', async () => {
      const { cluster, run, settled, failure } = await started(async (ctx) => {
        const seen: number[] = []
        ctx.setQuery('seen', () => seen)
        ctx.setQuery('plus', (n) => n + seen.length)
        for (;;) {
          const next = await ctx.signal('go')
          if (next === 0) return 'end'
          seen.push(next)
        }
      })

      for (const value of [4, 5]) await settled(run.signal('go', value))
      await cluster.until('both are seen', async () => (await run.query('seen')).length === 2)
      expect(await settled(run.query('seen'))).toEqual([4, 5])
      expect(await settled(run.query('plus', 10))).toBe(12)
      expect((await failure(run.query('nope' as never))).message).toContain('declares no query "nope"')
      await settled(run.signal('go', 0))
      await settled(run.result())
      expect(await settled(run.query('seen'))).toEqual([4, 5])
    })

    it('start in the commit of an activity: with its signals, or not at all', async () => {
      const { cluster, settled, failure } = await started((ctx) => ctx.signal('go'), 'first')
      const entity = cluster.client(Door).get('d')

      await settled(entity.start('inside'))
      expect(await settled(cluster.client(Wait).get('inside').result())).toBe(5)
      expect((await failure(entity.start('rolled back'))).message).toContain('rolled back')
      expect(await settled(cluster.client(Wait).get('rolled back').poll())).toEqual({ kind: 'unknown' })
    })

    it('pause and go on: what came meanwhile is not lost', async () => {
      const { run, settled, pass } = await started(async (ctx) => {
        await ctx.sleep(world.time(1))
        return ctx.signal('go')
      })

      await settled(run.pause('incident 7'))
      await settled(run.signal('go', 3))
      await pass(world.time(3))
      const paused = await settled(run.status())
      expect(paused).toMatchObject({ status: 'paused', note: expect.stringContaining('incident 7') })
      expect(await settled(run.poll())).toEqual({ kind: 'running' })
      await settled(run.resume())
      expect(await settled(run.result())).toBe(3)
    })

    it('are cancelled one by one or in bulk', async () => {
      const { cluster, settled, failure, run } = await started((ctx) => ctx.signal('go'))
      const others = await settled(Promise.all(['b', 'c', 'd'].map((id) => cluster.client(Wait).start(id))))
      await settled(run.cancel('not needed'))

      const cancelled = await failure(run.result())
      expect(cancelled).toBeInstanceOf(WorkflowCancelled)
      expect(cancelled.message).toContain('not needed')
      expect(await settled(run.poll())).toMatchObject({ kind: 'cancelled' })
      const admin = cluster.client(runs)
      await cluster.until(
        'the others run',
        async () => (await admin.count({ status: 'running', workflow: 'Wait' })) === 3,
      )
      const result = await settled(
        admin.bulk({ workflow: 'Wait', status: 'running' }, (each) => each.cancel('all of them')),
      )
      expect(result).toEqual({ changed: 3, failed: [] })
      for (const other of others) expect(await failure(other.result())).toBeInstanceOf(WorkflowCancelled)
      expect(await settled(admin.count({ status: 'cancelled' }))).toBe(4)
    })
  })
}
