import { setTimeout as sleep } from 'node:timers/promises'
import type { StepContext } from '@cruster/core'
import { ActivityFailed, DeadlineExceeded, activity, error } from '@cruster/core'
import { defineActivityGroup, defineWorkflow, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Effects, effect, effects } from '../effects.ts'
import type { World } from '../world.ts'

interface Plan {
  readonly id: string
  /** How many attempts fail before one succeeds. */
  readonly fails: number
}

/** What activities have seen, by execution. */
const seen = new Map<string, { attempt: number; key: string; at: number; last: unknown }[]>()

function note({ executionId, attempt, idempotencyKey, lastHeartbeat }: StepContext): number {
  const of = seen.get(executionId) ?? []
  seen.set(executionId, of)
  return of.push({ attempt, key: idempotencyKey, at: performance.now(), last: lastHeartbeat })
}

const Stock = defineActivityGroup('Stock', {
  activities: {
    reserve: activity<{ count: number }, string>(),
    parse: activity({ input: z.object({ n: z.number().default(7) }), output: z.number() }),
  },
})

const Work = defineWorkflow('Work', {
  input: typed<Plan>(),
  output: typed<unknown>(),
  key: ({ id }) => id,
  errors: { Fatal: error<{ code: number }>() },
  activities: {
    flaky: activity<number, string>({ retry: { attempts: 5, initial: 20, factor: 2, jitter: 0 } }),
    once: activity<string, string>(),
    write: activity<string>(),
    writeAndFail: activity<string>({ retry: { attempts: 3, initial: 5 } }),
    slow: activity<void, string>({ timeout: 50, retry: { attempts: 2, initial: 5 } }),
    silent: activity<void, string>({ heartbeat: 50, retry: { attempts: 2, initial: 5 } }),
    fatal: activity<void, string>({ retry: { attempts: 5, initial: 5, nonRetryable: ['Fatal'] } }),
  },
  groups: [Stock],
})

const aborted: string[] = []

function implementation(run: Parameters<typeof Work.implement>[0] extends { run: infer Run } ? Run : never) {
  const stock = Stock.implement({ reserve: (_, { count }) => `reserved ${count}`, parse: (_, { n }) => n })
  return Work.implement({
    activities: {
      flaky: (context, fails) => {
        if (note(context) <= fails) throw new Error(`attempt ${context.attempt} failed`)
        return `done in ${context.attempt}`
      },
      once: (context, text) => {
        note(context)
        return text.toUpperCase()
      },
      write: (context, what) => effect(context, what),
      writeAndFail: async (context, what) => {
        await effect(context, what)
        if (note(context) < 3) throw new Error('not yet')
      },
      slow: async (context) => {
        const count = note(context)
        if (count === 1)
          await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }))
        if (context.signal.aborted) aborted.push(context.executionId)
        return `attempt ${count}`
      },
      silent: async (context) => {
        const count = note(context)
        context.heartbeat({ done: count })
        if (count === 1)
          await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }))
        return `resumed at ${JSON.stringify(context.lastHeartbeat)}`
      },
      fatal: (context) => {
        note(context)
        throw new Work.errors.Fatal({ code: 7 })
      },
    },
    groups: [stock],
    run,
  })
}

let ids = 0

export function activities(world: World): void {
  describe('activities', () => {
    async function execute(run: Parameters<typeof implementation>[0], fails = 0) {
      const scene = await world.start({ register: [implementation(run), effects] })
      const { cluster, settled } = scene
      await settled(cluster.client(Effects).get('all').open())
      const id = `${world.name}-${++ids}`
      const handle = await settled(cluster.client(Work).start({ id, fails }))
      const committed = () => settled(cluster.client(Effects).get('all').all())
      return { ...scene, id, run: handle, seen: () => seen.get(id) ?? [], committed }
    }

    it('are done again until one attempt succeeds, with growing pauses', async () => {
      const { run, settled, seen: attempts } = await execute((ctx, { fails }) => ctx.flaky(fails), 3)

      expect(await settled(run.result())).toBe('done in 4')
      expect(attempts().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
    })

    it('fail for good after the last attempt, with the last error as the cause', async () => {
      const { run, failure, seen: attempts } = await execute((ctx) => ctx.flaky(99))

      const failed = await failure(run.result())
      expect(failed).toBeInstanceOf(ActivityFailed)
      expect(failed.message).toContain('attempt 5 failed')
      expect(attempts()).toHaveLength(5)
    })

    it('have one idempotency key over all attempts, and another one in each step', async () => {
      const {
        run,
        settled,
        seen: attempts,
      } = await execute(async (ctx) => {
        await ctx.flaky(2)
        await ctx.flaky(0)
      })

      await settled(run.result())
      const [a, b, c, d] = attempts().map(({ key }) => key)
      expect([b, c]).toEqual([a, a])
      expect(d).not.toBe(a)
    })

    it('run each time when they are called in a loop with equal inputs', async () => {
      const {
        run,
        settled,
        seen: attempts,
      } = await execute(async (ctx) => {
        const got: string[] = []
        for (let time = 0; time < 10; time += 1) got.push(await ctx.once('x'))
        return got.length
      })

      expect(await settled(run.result())).toBe(10)
      expect(attempts()).toHaveLength(10)
    })

    it('write through `tx` once, and nothing in an attempt that fails', async () => {
      const { run, settled, committed } = await execute(async (ctx) => {
        await ctx.write('a')
        await ctx.writeAndFail('b')
        await ctx.all([ctx.write('c'), ctx.write('d')])
      })

      await settled(run.result())
      expect(await committed()).toEqual(['a', 'b', 'c', 'd'])
    })

    it('fail when an attempt takes too long, which their signal tells them', async () => {
      const { run, settled, id } = await execute((ctx) => ctx.slow())

      expect(await settled(run.result())).toBe('attempt 2')
      expect(aborted).toContain(id)
    })

    it('fail when their heartbeat stops; the next attempt gets its details', async () => {
      const { run, settled } = await execute((ctx) => ctx.silent())

      expect(await settled(run.result())).toBe('resumed at {"done":1}')
    })

    it('are not done again after an error that is not to be repeated', async () => {
      const { run, failure, seen: attempts } = await execute((ctx) => ctx.fatal())

      const failed = await failure(run.result())
      expect(failed).toBeInstanceOf(ActivityFailed)
      expect(attempts()).toHaveLength(1)
    })

    it('fail with an error of the contract, which the body can tell by its class', async () => {
      const { run, settled } = await execute(async (ctx) => {
        try {
          return await ctx.fatal()
        } catch (failed) {
          const { cause } = failed as Error
          return cause instanceof Work.errors.Fatal ? `code ${cause.data.code}` : `another error: ${String(cause)}`
        }
      })

      expect(await settled(run.result())).toBe('code 7')
    })

    it('take limits where they are called', async () => {
      const { run, settled } = await execute(async (ctx) => {
        const late = await ctx.slow(undefined, { retry: { attempts: 1 } }).catch((failed: Error) => failed)
        return (late as Error).cause instanceof DeadlineExceeded
      })

      expect(await settled(run.result())).toBe(true)
    })

    it('come from groups as well, with their schemas', async () => {
      const { run, settled } = await execute(async (ctx) => [await ctx.reserve({ count: 3 }), await ctx.parse({})])

      expect(await settled(run.result())).toEqual(['reserved 3', 7])
    })

    it('can be written inline', async () => {
      let runs = 0
      const { run, settled, committed } = await execute(async (ctx) => {
        const a = await ctx.run('inline', async (context) => {
          await effect(context, 'inline')
          return (runs += 1)
        })
        await ctx.sleep(world.time(3))
        return a + (await ctx.run('inline', () => 10, { timeout: '1s' }))
      })

      expect(await settled(run.result())).toBe(11)
      expect(runs).toBe(1)
      expect(await committed()).toEqual(['inline'])
    })

    it('run beside each other when the body does not wait for each', async () => {
      let most = 0
      let running = 0
      const { run, settled } = await execute(async (ctx) => {
        const one = () =>
          ctx.run('beside', async ({ signal }) => {
            running += 1
            most = Math.max(most, running)
            if (!world.isVirtual) await sleep(20, undefined, { signal })
            else for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
            running -= 1
          })
        await ctx.all([one, one, one])
      })

      await settled(run.result())
      expect(most).toBe(3)
    })
  })
}
