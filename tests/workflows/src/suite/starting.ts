import { ExecutionNotFound, IdempotencyConflict, RemoteError, ValidationError, activity, error } from '@cruster/core'
import { defineWorkflow, runs, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { World } from '../world.ts'

const Greet = defineWorkflow('Greet', {
  input: z.object({ name: z.string().min(1), times: z.number().default(1) }),
  output: typed<string>(),
  activities: { say: activity<string, string>() },
  errors: { Rude: error<{ word: string }>() },
})

let said = 0

const greet = Greet.implement({
  activities: {
    say: (_, name) => {
      said += 1
      return `hello ${name}`
    },
  },
  async run(ctx, { name, times }) {
    if (name === 'rude') throw new Greet.errors.Rude({ word: name })
    if (name === 'broken') throw new Error('out of order')
    const words: string[] = []
    for (let time = 0; time < times; time += 1) words.push(await ctx.say(name))
    return words.join(', ')
  },
})

const Slow = defineWorkflow('Slow', {
  input: typed<{ id: string; ms: number }>(),
  output: typed<string>(),
  key: ({ id }) => id,
})
const slow = Slow.implement({
  async run(ctx, { id, ms }) {
    await ctx.sleep(ms)
    return `slept ${id}`
  },
})

export function starting(world: World): void {
  describe('starting', () => {
    const start = () => world.start({ register: [greet, slow] })

    it('gives the result of an execution', async () => {
      const { cluster, settled } = await start()

      expect(await settled(cluster.client(Greet).execute({ name: 'Ada', times: 2 }))).toBe('hello Ada, hello Ada')
    })

    it('joins the execution of an equal input, so that its activities are done once', async () => {
      const { cluster, settled } = await start()
      const client = cluster.client(Greet)
      const before = said

      const all = await settled(Promise.all([1, 2, 3].map(() => client.execute({ name: 'Bob' }))))
      const again = await settled(client.execute({ times: 1, name: 'Bob' }))

      expect([...all, again]).toEqual(Array.from({ length: 4 }, () => 'hello Bob'))
      expect(said - before).toBe(1)
    })

    it('gives two processes that execute one key at once the one result', async () => {
      const { cluster, settled } = await start()
      const [one, other] = cluster.runners
      const before = said

      const both = [one!, other!].map(({ runner }) => runner.client(Greet).withKey('k').execute({ name: 'Eve' }))

      expect(await settled(Promise.all(both))).toEqual(['hello Eve', 'hello Eve'])
      expect(said - before).toBe(1)
    })

    it('answers a caller before, during and after completion, from any process', async () => {
      const { cluster, settled, pass, failure } = await start()
      const [one, other] = cluster.runners
      expect(await failure(one!.runner.client(Slow).get('a').result())).toBeInstanceOf(ExecutionNotFound)

      const run = await settled(cluster.client(Slow).start({ id: 'a', ms: world.time(2) }))
      expect(run.executionId).toBe('a')
      const during = Promise.all([one!, other!].map(({ runner }) => runner.client(Slow).get('a').result()))
      await pass(world.time(1))
      expect(await settled(run.poll())).toEqual({ kind: 'running' })
      expect(await settled(during)).toEqual(['slept a', 'slept a'])
      expect(await settled(other!.runner.client(Slow).get('a').result())).toBe('slept a')
      expect(await settled(run.poll())).toEqual({ kind: 'completed', output: 'slept a' })
    })

    it('knows executions that were never started from those that run', async () => {
      const { cluster, settled, failure } = await start()
      const nobody = cluster.client(Slow).get('nobody')

      expect(await settled(nobody.poll())).toEqual({ kind: 'unknown' })
      expect(await settled(nobody.status())).toBeUndefined()
      expect(await failure(nobody.history())).toBeInstanceOf(ExecutionNotFound)
      expect(await failure(nobody.pause())).toBeInstanceOf(ExecutionNotFound)
    })

    it('refuses an input that its schema refuses, before anything is stored', async () => {
      const { cluster, settled, failure } = await start()

      expect(await failure(cluster.client(Greet).execute({ name: '' }))).toBeInstanceOf(ValidationError)
      expect((await settled(cluster.client(Greet).list())).executions).toEqual([])
    })

    it('refuses another input under the same key', async () => {
      const { cluster, settled, failure } = await start()
      const client = cluster.client(Greet).withKey('one')
      await settled(client.execute({ name: 'Ada' }))

      expect(await failure(client.execute({ name: 'Eve' }))).toBeInstanceOf(IdempotencyConflict)
    })

    it('fails with the error of the body, of its class where that is declared', async () => {
      const { cluster, failure, settled } = await start()
      const client = cluster.client(Greet)

      const rude = await failure(client.execute({ name: 'rude' }))
      expect(rude).toBeInstanceOf(Greet.errors.Rude)
      expect(rude).toMatchObject({ data: { word: 'rude' } })
      const broken = await failure(client.execute({ name: 'broken' }))
      expect(broken).toBeInstanceOf(RemoteError)
      expect(broken.message).toContain('out of order')
      const polled = await settled(client.get(await client.executionId({ name: 'rude' })).poll())
      expect(polled).toMatchObject({ kind: 'failed', error: { data: { word: 'rude' } } })
    })

    it('names executions by their key, by another key, or by an id', async () => {
      const { cluster, settled } = await start()
      const client = cluster.client(Slow)
      const input = { id: 'x', ms: 1 }

      const ids = [
        (await settled(client.start(input))).executionId,
        (await settled(client.withKey('y').start(input))).executionId,
        (await settled(client.withKey(7).start(input))).executionId,
        (await settled(client.withRawKey('z').start(input))).executionId,
      ]
      expect(ids).toEqual(['x', 'y', expect.stringMatching(/^[\w-]{43}$/u), 'z'])
      expect(await settled(client.executionId(input))).toBe('x')
    })

    it('tells what an execution is doing', async () => {
      const { cluster, settled, pass } = await start()
      const run = await settled(cluster.client(Slow).start({ id: 'a', ms: world.time(2) }))
      await pass(world.time(1))

      const running = await settled(run.status())
      expect(running).toMatchObject({ type: 'Workflow/Slow', id: 'a', workflow: 'Slow', version: 1, status: 'running' })
      expect(running).toHaveProperty('note', expect.stringContaining('sleep'))
      await settled(run.result())
      const ended = await settled(run.status())
      expect(ended).toMatchObject({ status: 'completed' })
      expect(ended!.endedAt! - ended!.startedAt).toBeGreaterThanOrEqual(world.time(2) - 5)
    })

    it('lists executions page by page, the last started first, also for a process without storage', async () => {
      const { cluster, settled, pass } = await start()
      for (const id of ['a', 'b', 'c']) {
        await settled(cluster.client(Slow).execute({ id, ms: 1 }))
        await pass(world.time(1))
      }
      await settled(cluster.client(Greet).execute({ name: 'Ada' }))
      const { runner } = cluster.runners[0]!
      for (const client of [cluster.client(Slow), runner.client(Slow)]) {
        const first = await settled(client.list({ limit: 2 }))
        expect(first.executions.map(({ id }) => id)).toEqual(['c', 'b'])
        const second = await settled(client.list({ limit: 2, after: first.next! }))
        expect(second.executions).toMatchObject([{ id: 'a', status: 'completed', shardGroup: 'default' }])
        expect(second.next).toBeUndefined()
      }
      expect(await settled(cluster.client(runs).count())).toBe(4)
      expect(await settled(cluster.client(runs).count({ workflow: 'Slow', status: 'failed' }))).toBe(0)
    })
  })
}
