import { ActivityFailed, WorkflowCancelled, activity } from '@cruster/core'
import { defineWorkflow, runs, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { Effects, effect, effects } from '../effects.ts'
import type { World } from '../world.ts'

const Saga = defineWorkflow('Saga', {
  input: typed<string>(),
  output: typed<unknown>(),
  key: (id) => id,
  signals: { go: signal() },
  activities: {
    write: activity<string>(),
    fail: activity<string>(),
    flakyUndo: activity<string>({ retry: { attempts: 3, initial: 5 } }),
  },
})
type Body = Parameters<typeof Saga.implement>[0] extends { run: infer Run } ? Run : never

let undone = 0

const implementation = (run: Body) =>
  Saga.implement({
    activities: {
      write: (context, what) => effect(context, what),
      fail: (_, what) => {
        throw new Error(`${what} failed`)
      },
      flakyUndo: async (context, what) => {
        undone += 1
        if (context.attempt < 3) throw new Error('not yet')
        await effect(context, what)
      },
    },
    run,
  })

export function failures(world: World): void {
  describe('failures', () => {
    async function started(run: Body) {
      const scene = await world.start({ register: [implementation(run), effects] })
      const { cluster, settled } = scene
      await settled(cluster.client(Effects).get('all').open())
      const handle = await settled(cluster.client(Saga).start('s'))
      const committed = () => settled(cluster.client(Effects).get('all').all())
      return { ...scene, run: handle, committed }
    }

    it('undo what was done, the last first, when the body fails', async () => {
      const order: string[] = []
      const { run, failure, committed } = await started(async (ctx) => {
        for (const step of ['a', 'b', 'c']) {
          await ctx.write(step)
          ctx.onFailure(async () => {
            order.push(step)
            await ctx.write(`undo ${step}`)
          })
        }
        await ctx.fail('the last step')
      })

      const failed = await failure(run.result())
      expect(failed).toBeInstanceOf(ActivityFailed)
      expect(failed.message).toContain('the last step failed')
      expect(await committed()).toEqual(['a', 'b', 'c', 'undo a', 'undo b', 'undo c'])
      expect(order.slice(-3)).toEqual(['c', 'b', 'a'])
    })

    it('undo nothing when the body succeeds', async () => {
      const { run, settled, committed } = await started(async (ctx) => {
        await ctx.write('a')
        ctx.onFailure(() => ctx.write('undo a'))
      })

      await settled(run.result())
      expect(await committed()).toEqual(['a'])
    })

    it('repeat compensations as they are declared', async () => {
      const before = undone
      const { run, failure, committed } = await started(async (ctx) => {
        ctx.onFailure(() => ctx.flakyUndo('undone'))
        await ctx.fail('it')
      })

      await failure(run.result())
      expect(undone - before).toBe(3)
      expect(await committed()).toEqual(['undone'])
    })

    it('run compensations when an execution is cancelled, while its waits fail', async () => {
      const heard: unknown[] = []
      const { cluster, run, settled, failure, committed } = await started(async (ctx) => {
        ctx.onInterrupt((reason) => heard.push(reason))
        await ctx.write('a')
        ctx.onFailure(() => ctx.write('undo a'))
        await ctx.signal('go')
      })
      await cluster.until('it waits', async () => (await run.status())?.note?.includes('go') === true)

      await settled(run.cancel('the customer left'))
      const failed = await failure(run.result())
      expect(failed).toBeInstanceOf(WorkflowCancelled)
      expect(failed).toMatchObject({ reason: 'the customer left' })
      expect(await committed()).toEqual(['a', 'undo a'])
      expect(heard.at(-1)).toBe('the customer left')
    })

    it('abort the signal of an activity that runs when the execution is cancelled', async () => {
      let isRunning = false
      let wasAborted = false
      const { cluster, run, settled, failure } = await started((ctx) =>
        ctx.run('long', async ({ signal: aborts }) => {
          isRunning = true
          await new Promise((resolve) => aborts.addEventListener('abort', resolve, { once: true }))
          wasAborted = true
          throw new Error('aborted')
        }),
      )
      await cluster.until('it runs', () => isRunning)

      await settled(run.cancel())
      expect(await failure(run.result())).toBeInstanceOf(WorkflowCancelled)
      expect(wasAborted).toBe(true)
    })

    it('let an uncancellable section end, and then take effect', async () => {
      const { cluster, run, settled, failure, committed, pass } = await started(async (ctx) => {
        await ctx.uncancellable(async () => {
          await ctx.write('begun')
          await ctx.sleep(world.time(3))
          await ctx.write('ended')
        })
        await ctx.write('never')
      })
      await cluster.until('it sleeps', async () => (await run.status())?.note?.includes('sleep') === true)

      await settled(run.cancel())
      await pass(world.time(1))
      expect(await settled(run.poll())).toEqual({ kind: 'running' })
      expect(await failure(run.result())).toBeInstanceOf(WorkflowCancelled)
      expect(await committed()).toEqual(['begun', 'ended'])
    })

    it('are final, until the execution is restarted from the start', async () => {
      let isBroken = true
      const { run, settled, failure, committed, cluster } = await started(async (ctx) => {
        await ctx.write('a')
        await ctx.run('step', () => {
          if (isBroken) throw new Error('broken')
        })
        return 'whole'
      })

      expect((await failure(run.result())).message).toContain('broken')
      isBroken = false
      expect((await failure(cluster.client(Saga).execute('s'))).message).toContain('broken')
      await settled(run.restart())
      expect(await settled(run.result())).toBe('whole')
      expect(await committed()).toEqual(['a', 'a'])
    })

    it('can be taken up again before the step that failed', async () => {
      let isBroken = true
      const { run, settled, failure, committed, cluster } = await started(async (ctx) => {
        await ctx.write('a')
        await ctx.run('step', () => {
          if (isBroken) throw new Error('broken')
        })
        return 'whole'
      })

      await failure(run.result())
      isBroken = false
      await settled(cluster.client(runs).restart({ type: 'Workflow/Saga', id: 's' }, { beforeStep: 2 }))
      expect(await settled(run.result())).toBe('whole')
      expect(await committed()).toEqual(['a'])
    })

    it('can be tried out in a fork, which leaves the execution as it is', async () => {
      let isBroken = true
      const { run, settled, failure, committed } = await started(async (ctx) => {
        await ctx.write('a')
        if (isBroken) throw new Error('broken')
        return `whole ${ctx.executionId}`
      })
      await failure(run.result())

      isBroken = false
      const fork = await settled(run.fork({ executionId: 'fork', beforeStep: 2 }))
      expect(await settled(fork.result())).toBe('whole fork')
      expect(await committed()).toEqual(['a'])
      expect((await failure(run.result())).message).toContain('broken')
    })

    it('can be restarted together', async () => {
      let isBroken = true
      const { cluster, settled, run, failure } = await started((ctx) => {
        if (isBroken) throw new Error('broken')
        return ctx.executionId
      })
      const other = await settled(cluster.client(Saga).start('t'))
      for (const each of [run, other]) await failure(each.result())

      isBroken = false
      const all = cluster.client(runs)
      expect(await settled(all.bulk({ status: 'failed' }, (each) => each.restart()))).toMatchObject({ changed: 2 })
      expect(await settled(Promise.all([run.result(), other.result()]))).toEqual(['s', 't'])
      expect(await settled(all.count({ status: 'failed' }))).toBe(0)
    })
  })
}
