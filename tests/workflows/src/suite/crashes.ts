import { activity } from '@cruster/core'
import { defineWorkflow, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { Effects, effect, effects } from '../effects.ts'
import { executionsOf, ownerOf } from '../executions-of.ts'
import type { World } from '../world.ts'

const Job = defineWorkflow('Job', {
  input: typed<{ id: string; steps: number }>(),
  output: typed<string>(),
  key: ({ id }) => id,
  signals: { go: signal<string>() },
  activities: { write: activity<string>(), gate: activity<string>() },
})

/** Activities that wait here until they are let through. */
const gates = new Map<string, () => void>()
let started = 0

const job = Job.implement({
  activities: {
    write: (context, what) => effect(context, what),
    gate: async (context, what) => {
      await effect(context, what)
      await new Promise<void>((resolve, reject) => {
        gates.set(what, resolve)
        started += 1
        context.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
      })
    },
  },
  async run(ctx, { id, steps }) {
    for (let step = 0; step < steps; step += 1) {
      await ctx.write(`${id}.${step}`)
      if (step % 3 === 1) await ctx.sleep(1)
    }
    if (id.startsWith('gate')) await ctx.gate(`${id} gate`)
    if (id.startsWith('signal')) return `${id} ${await ctx.signal('go')}`
    return id
  },
})

export function crashes(world: World): void {
  describe('crashes', () => {
    async function start(runners: number) {
      const scene = await world.start({ register: [job, effects], runners })
      await scene.settled(scene.cluster.client(Effects).get('all').open())
      const committed = () => scene.settled(scene.cluster.client(Effects).get('all').all())
      return { ...scene, jobs: scene.cluster.client(Job), committed }
    }

    it('lose no execution and double no effect when a runner crashes among many', async () => {
      const { cluster, jobs, settled, committed, pass } = await start(3)
      const ids = Array.from({ length: 12 }, (_, index) => `j${index}`)
      const results = ids.map((id) => jobs.execute({ id, steps: 5 }))
      await pass(world.isVirtual ? 1 : 40)
      await cluster.crash(ownerOf(cluster, 'Job', 'j0'))

      expect(await settled(Promise.all(results))).toEqual(ids)
      const expected = ids.flatMap((id) => Array.from({ length: 5 }, (_, step) => `${id}.${step}`))
      expect(await committed()).toEqual(expected.toSorted())
    })

    it('run an activity again that was under way, whose writes count once', async () => {
      const { cluster, jobs, settled, committed } = await start(2)
      const before = started
      const result = jobs.execute({ id: 'gate', steps: 1 })
      await cluster.until('the activity runs', () => started === before + 1)

      await cluster.crash(ownerOf(cluster, 'Job', 'gate'))
      await cluster.until('it runs again', () => started === before + 2)
      gates.get('gate gate')!()
      expect(await settled(result)).toBe('gate')
      expect(await committed()).toEqual(['gate gate', 'gate.0'])
    })

    it('hand an execution over that waits, and keep its signals', async () => {
      const { cluster, jobs, settled } = await start(2)
      const run = await settled(jobs.start({ id: 'signal', steps: 1 }))
      const waiting = run.result()
      await cluster.stop(ownerOf(cluster, 'Job', 'signal'))
      await settled(run.signal('go', 'after the hand-over'))

      expect(await settled(waiting)).toBe('signal after the hand-over')
    })

    it('deliver a signal that came while nobody owned the execution', async () => {
      const { cluster, jobs, settled } = await start(2)
      const run = await settled(jobs.start({ id: 'signal', steps: 1 }))
      await cluster.until('it waits', async () => (await run.status())?.note?.includes('go') === true)
      const owner = ownerOf(cluster, 'Job', 'signal')
      const survivor = cluster.runners.find((each) => each !== owner)
      await cluster.crash(owner)

      await settled(survivor!.runner.client(Job).get('signal').signal('go', 'in the gap'))
      expect(await settled(run.result())).toBe('signal in the gap')
    })

    it('wake a sleeper whose time was over while nothing ran', async () => {
      const { cluster, jobs, settled, pass } = await start(1)
      const run = await settled(jobs.start({ id: 'sleeper', steps: 2 }))
      const [only] = cluster.runners
      await cluster.until('it has an owner', () => cluster.findOwner(executionsOf('Job'), 'sleeper') !== undefined)
      await cluster.crash(only!)
      await pass(world.time(1))
      await cluster.restart(only!)

      expect(await settled(run.result())).toBe('sleeper')
    })
  })
}
