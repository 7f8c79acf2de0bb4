import { defineWorkflow, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { interrupt, ownerOf } from '../executions-of.ts'
import type { World } from '../world.ts'

const Point = defineWorkflow('Point', {
  input: typed<string>(),
  output: typed<unknown>(),
  key: (id) => id,
  signals: { go: signal() },
})
type Body = Parameters<typeof Point.implement>[0] extends { run: infer Run } ? Run : never

export function checkpoints(world: World): void {
  describe('checkpoints', () => {
    async function started(run: Body) {
      const scene = await world.start({ register: [Point.implement({ run })], runners: 3 })
      const handle = await scene.settled(scene.cluster.client(Point).start('p'))
      const waits = () =>
        scene.cluster.until('it waits', async () => (await handle.status())?.note?.includes('go') === true)
      return { ...scene, run: handle, waits }
    }

    it('count one side effect of checkpointCompute over a replay, a crash and a hand-over', async () => {
      let charged = 0
      const { run, settled, cluster, waits } = await started(async (ctx) => {
        const payment = await ctx.checkpointCompute('charge', () => `payment ${(charged += 1)}`)
        for (let round = 0; round < 3; round += 1) await ctx.signal('go')
        return payment
      })

      await waits()
      await settled(interrupt(cluster, 'Point', 'p'))
      await settled(run.signal('go'))
      await waits()
      await cluster.crash(ownerOf(cluster, 'Point', 'p'))
      await settled(run.signal('go'))
      await cluster.until('it has an owner', () => ownerOf(cluster, 'Point', 'p') !== undefined)
      await waits()
      await cluster.stop(ownerOf(cluster, 'Point', 'p'))
      await settled(run.signal('go'))

      expect(await settled(run.result())).toBe('payment 1')
      expect(charged).toBe(1)
    })

    it('keep their value over a replay, with every change', async () => {
      const seen: string[] = []
      const { run, settled, cluster, waits } = await started(async (ctx) => {
        const status = await ctx.checkpoint('status', 'processing')
        await status.set('reserved')
        await status.update((old) => `${old} and charged`)
        seen.push(status.get())
        await ctx.signal('go')
        await status.set('confirmed')
        return status.get()
      })

      await waits()
      await settled(interrupt(cluster, 'Point', 'p'))
      await settled(run.signal('go'))
      expect(await settled(run.result())).toBe('confirmed')
      expect(seen.length).toBeGreaterThan(1)
      expect(new Set(seen)).toEqual(new Set(['reserved and charged']))
    })

    it('tell whether an execution has one', async () => {
      const { run, settled, cluster, waits } = await started(async (ctx) => {
        const before = ctx.checkpointExists('old_key')
        await ctx.checkpoint('old_key', 1)
        const after = ctx.checkpointExists('old_key')
        await ctx.signal('go')
        return [before, after, ctx.checkpointExists('old_key'), ctx.checkpointExists('other')]
      })

      await waits()
      await settled(interrupt(cluster, 'Point', 'p'))
      await settled(run.signal('go'))
      expect(await settled(run.result())).toEqual([false, true, true, false])
    })
  })
}
