import { RemoteError, WorkflowCancelled, activity } from '@cruster/core'
import { defineWorkflow, runs, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import type { World } from '../world.ts'

interface Task {
  readonly name: string
  readonly fails?: boolean
}

const Child = defineWorkflow('Child', {
  input: typed<Task>(),
  output: typed<string>(),
  signals: { go: signal<string>() },
  activities: { work: activity<string, string>() },
})
const worked: string[] = []
const cancelled: string[] = []
const child = Child.implement({
  activities: {
    work: (_, name) => {
      worked.push(name)
      return `did ${name}`
    },
  },
  async run(ctx, { name, fails = false }) {
    if (fails) throw new Error(`${name} fails`)
    if (!name.startsWith('wait')) return ctx.work(name)
    ctx.onInterrupt(() => cancelled.push(name))
    return `${name} got ${await ctx.signal('go')}, child of ${ctx.parent?.id}`
  },
})

const Parent = defineWorkflow('Parent', { input: typed<string>(), output: typed<unknown>(), key: (id) => id })
type Body = Parameters<typeof Parent.implement>[0] extends { run: infer Run } ? Run : never

export function children(world: World): void {
  describe('children', () => {
    async function started(run: Body) {
      const scene = await world.start({ register: [child, Parent.implement({ run })] })
      const handle = await scene.settled(scene.cluster.client(Parent).start('p'))
      return { ...scene, run: handle }
    }

    it('give their results to their parent, two with equal inputs being two', async () => {
      const before = worked.length
      const { run, settled, cluster } = await started(async (ctx) => {
        const one = await ctx.workflow(Child).execute({ name: 'same' })
        return [one, ...(await ctx.all([1, 2].map(() => ctx.workflow(Child).execute({ name: 'same' }))))]
      })

      expect(await settled(run.result())).toEqual(['did same', 'did same', 'did same'])
      expect(worked.length - before).toBe(3)
      expect(await settled(cluster.client(runs).count({ workflow: 'Child', status: 'completed' }))).toBe(3)
    })

    it('fail into their parent', async () => {
      const { run, settled } = await started(async (ctx) => {
        try {
          return await ctx.workflow(Child).execute({ name: 'c', fails: true })
        } catch (failed) {
          return failed instanceof RemoteError ? `caught ${failed.remoteMessage}` : `another: ${String(failed)}`
        }
      })

      expect(await settled(run.result())).toBe('caught c fails')
    })

    it('are started, signalled and waited for', async () => {
      const { run, settled } = await started(async (ctx) => {
        const begun = await ctx.workflow(Child).start({ name: 'wait' })
        await ctx.sleep(world.time(1))
        await begun.signal('go', 'a signal')
        return begun.result()
      })

      expect(await settled(run.result())).toBe('wait got a signal, child of p')
    })

    it('are cancelled when their parent is cancelled, and when it ends without them', async () => {
      const { cluster, run, failure, settled } = await started(async (ctx) => {
        await ctx.workflow(Child).start({ name: 'wait left' })
        await ctx.workflow(Child).execute({ name: 'wait' })
      })
      await cluster.until(
        'the children run',
        async () => (await cluster.client(runs).count({ status: 'running' })) === 3,
      )

      await settled(run.cancel('enough'))
      expect(await failure(run.result())).toBeInstanceOf(WorkflowCancelled)
      const all = cluster.client(runs)
      await cluster.until('all are cancelled', async () => (await all.count({ status: 'cancelled' })) === 3)
      expect(cancelled).toEqual(expect.arrayContaining(['wait', 'wait left']))
    })

    it('go on without their parent when they are detached', async () => {
      const { cluster, run, settled } = await started(async (ctx) => {
        const free = await ctx.workflow(Child).withRawKey('free').start({ name: 'wait' }, { detached: true })
        return free.executionId
      })

      expect(await settled(run.result())).toBe('free')
      const free = cluster.client(Child).get('free')
      await cluster.until('it runs', async () => (await free.poll()).kind === 'running')
      await settled(free.signal('go', 'freedom'))
      expect(await settled(free.result())).toContain('wait got freedom')
    })

    it('are joined when their key is that of an execution that runs', async () => {
      const { cluster, run, settled } = await started(async (ctx) => {
        await ctx.sleep(world.time(1))
        return ctx.workflow(Child).withKey('shared').execute({ name: 'wait' })
      })
      const shared = await settled(cluster.client(Child).withKey('shared').start({ name: 'wait' }))
      await cluster.until('it is joined', async () => (await run.status())?.note?.includes('Child') === true)

      await settled(shared.signal('go', 'both'))
      expect(await settled(run.result())).toContain('wait got both')
      expect(await settled(shared.result())).toContain('wait got both')
    })
  })
}
