import { defineWorkflow, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { ownerOf } from '../executions-of.ts'
import type { World } from '../world.ts'

interface State {
  readonly round: number
  readonly sum: number
}

const Mix = defineWorkflow('Mix', {
  input: typed<State>(),
  output: typed<unknown>(),
  key: () => 'mix',
  signals: { add: signal<number>(), end: signal() },
})
type Body = Parameters<typeof Mix.implement>[0] extends { run: infer Run } ? Run : never

export function combining(world: World): void {
  describe('combined operations', () => {
    async function started(run: Body) {
      const scene = await world.start({ register: [Mix.implement({ run })] })
      const handle = await scene.settled(scene.cluster.client(Mix).start({ round: 0, sum: 0 }))
      return { ...scene, run: handle }
    }

    it('race: the first that ends, whatever the others do', async () => {
      const { run, settled } = await started(async (ctx) => {
        const first = await ctx.race([
          () => ctx.sleep(world.time(3)).then(() => 'slow'),
          () => ctx.sleep(world.time(1)).then(() => 'fast'),
        ])
        return [first, await ctx.race([ctx.run('now', () => 'done'), ctx.sleep(world.time(5))])]
      })

      expect(await settled(run.result())).toEqual(['fast', 'done'])
    })

    it('any: the first that succeeds', async () => {
      const { run, settled } = await started((ctx) =>
        ctx.any([
          () =>
            ctx.run('fails', () => {
              throw new Error('first')
            }),
          async () => {
            await ctx.sleep(world.time(1))
            return 'second'
          },
        ]),
      )

      expect(await settled(run.result())).toBe('second')
    })

    it('a wait that lost a race does not take the signal of the next one', async () => {
      const { run, settled, pass } = await started(async (ctx) => {
        const first = await ctx.race([() => ctx.signal('add'), () => ctx.sleep(world.time(1))])
        return [first, await ctx.signal('add')]
      })

      await pass(world.time(2))
      await settled(run.signal('add', 5))
      expect(await settled(run.result())).toEqual([undefined, 5])
    })

    it('go on as a new run with an empty history, and signals that nobody took', async () => {
      const { run, settled } = await started(async (ctx, { round, sum }) => {
        if (round === 3) return sum
        const value = await ctx.signal('add')
        await ctx.sleep(world.time(1))
        return ctx.continueAsNew({ round: round + 1, sum: sum + value })
      })

      for (const value of [1, 2, 3, 4]) await settled(run.signal('add', value))
      expect(await settled(run.result())).toBe(6)
      const { entries } = await settled(run.history())
      expect(entries.length).toBeLessThan(12)
    })

    it('give the same time, numbers and names when the body runs again', async () => {
      const seen: unknown[] = []
      const { run, settled, cluster } = await started(async (ctx) => {
        const values = [ctx.now(), ctx.random(), ctx.uuid(), ctx.random()]
        seen.push(values)
        await ctx.sleep(world.time(2))
        return values
      })
      await cluster.until('it sleeps', async () => (await run.status())?.note?.includes('sleep') === true)
      await cluster.crash(ownerOf(cluster, 'Mix', 'mix'))

      const result = await settled(run.result())
      expect(seen.length).toBeGreaterThan(1)
      for (const each of seen) expect(each).toEqual(result)
      const [, random, uuid, other] = result as [number, number, string, number]
      expect(random).not.toBe(other)
      expect(random >= 0 && random < 1).toBe(true)
      expect(uuid).toMatch(/^[\da-f-]{36}$/u)
    })
  })
}
