import { activity } from '@cruster/core'
import { SeededRandom } from '@cruster/core/memory'
import type { TestCluster, TestRunner } from '@cruster/testing'
import { defineWorkflow, signal, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import { Effects, effect, effects } from '../src/effects.ts'
import { interrupt } from '../src/executions-of.ts'
import { testClusterWorld } from '../src/worlds.ts'

const Leaf = defineWorkflow('Leaf', {
  input: typed<string>(),
  output: typed<string>(),
  activities: { write: activity<string>() },
})

const Mixed = defineWorkflow('Mixed', {
  input: typed<{ id: string; kind: number; round: number }>(),
  output: typed<string>(),
  key: ({ id }) => id,
  signals: { go: signal<number>() },
  activities: {
    write: activity<string>(),
    flaky: activity<string>({ retry: { attempts: 20, initial: '1s', jitter: 0 } }),
    fatal: activity<string>(),
  },
})

const tries = new Map<string, number>()
/** Lets time pass in an activity, so that things happen while it runs. */
let work: () => Promise<void> = async () => undefined

const leaf = Leaf.implement({
  activities: { write: (context, what) => effect(context, what) },
  async run(ctx, name) {
    await ctx.sleep('20s')
    await ctx.write(name)
    return name
  },
})

const mixed = Mixed.implement({
  activities: {
    write: async (context, what) => {
      await work()
      await effect(context, what)
      await work()
    },
    flaky: async (context, what) => {
      await effect(context, what)
      const count = (tries.get(what) ?? 0) + 1
      tries.set(what, count)
      if (count < 3) throw new Error('not yet')
    },
    fatal: () => {
      throw new Error('no stock')
    },
  },
  async run(ctx, { id, kind, round }) {
    const at = (what: string): string => `${id}.${round}.${what}`
    await ctx.write(at('first'))
    if (kind === 0) {
      for (let step = 0; step < 3; step += 1) {
        await ctx.sleep('10s')
        await ctx.write(at(`sleep${step}`))
      }
      if (round < 2) return ctx.continueAsNew({ id, kind, round: round + 1 })
    }
    if (kind === 1) {
      const got: number[] = []
      while (got.length < 5) {
        got.push(await ctx.signal('go'))
        await ctx.write(at(`got ${got.at(-1)}`))
      }
      return got.join()
    }
    if (kind === 2) {
      const leaves = await ctx.all([1, 2, 3].map((n) => ctx.workflow(Leaf).execute(at(`leaf${n}`))))
      return leaves.join()
    }
    if (kind === 3) {
      ctx.onFailure(() => ctx.write(at('undone')))
      await ctx.sleep('30s')
      await ctx.fatal(at('fatal'))
    }
    if (kind === 4) {
      await ctx.flaky(at('flaky'))
      const late = await ctx.race([ctx.sleep('40s'), ctx.deferred('never').wait()])
      await ctx.write(at(`raced ${String(late)}`))
    }
    return id
  },
})

/** What each execution writes, and how it ends. */
function expected(id: string, kind: number): { readonly lines: readonly string[]; readonly end: string } {
  const at = (round: number, ...whats: readonly string[]): string[] => whats.map((what) => `${id}.${round}.${what}`)
  const loop = ['first', 'sleep0', 'sleep1', 'sleep2']
  if (kind === 0) return { lines: [0, 1, 2].flatMap((round) => at(round, ...loop)), end: id }
  const signals = ['got 0', 'got 1', 'got 2', 'got 3', 'got 4']
  if (kind === 1) return { lines: at(0, 'first', ...signals), end: '0,1,2,3,4' }
  const leaves = at(0, 'leaf1', 'leaf2', 'leaf3')
  if (kind === 2) return { lines: [...at(0, 'first'), ...leaves], end: leaves.join() }
  if (kind === 3) return { lines: at(0, 'first', 'undone'), end: 'failed' }
  return { lines: at(0, 'first', 'flaky', 'raced undefined'), end: id }
}

interface Weather {
  readonly cluster: TestCluster
  readonly runner: TestRunner
  readonly id: string
  below(limit: number): number
}

const interrupted = ({ cluster, id }: Weather): void => {
  // Nobody may be there to be interrupted.
  void interrupt(cluster, 'Mixed', id).catch(() => undefined)
}

async function withoutStorage({ cluster, runner, below }: Weather): Promise<void> {
  if (!runner.isRunning) return
  cluster.failStorage(runner, below(2) === 0 ? 'refused' : 'unanswered')
  await cluster.clock.advance(below(3000))
  cluster.failStorage(runner, 'off')
}

async function crashed({ cluster, runner }: Weather): Promise<void> {
  const isLast = cluster.runners.filter(({ isRunning }) => isRunning).length <= 2
  if (runner.isRunning && !isLast) await cluster.crash(runner)
}

async function restarted({ cluster, runner }: Weather): Promise<void> {
  if (!runner.isRunning) await cluster.restart(runner)
}

const misfortunes: readonly ((weather: Weather) => void | Promise<void>)[] = [
  interrupted,
  interrupted,
  interrupted,
  withoutStorage,
  withoutStorage,
  crashed,
  restarted,
  ({ cluster, runner }) => cluster.breakLines(runner),
  () => undefined,
]

/** Something goes wrong, or comes right, and time passes. */
async function misfortune(cluster: TestCluster, dice: SeededRandom, ids: readonly string[]): Promise<void> {
  const below = (limit: number): number => Math.floor(dice.next() * limit)
  const runner = cluster.runners[below(cluster.runners.length)]!
  const id = ids[below(ids.length)]!
  await misfortunes[below(misfortunes.length)]!({ cluster, runner, id, below })
  await cluster.clock.advance(below(4000))
}

/** Says it again until it is heard. */
async function stubborn<T>(cluster: TestCluster, say: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await say()
    } catch {
      await new Promise<void>((resolve) => cluster.clock.setTimer(500, resolve))
    }
  }
}

describe('workflows in bad weather', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'end as they should, do everything once, and lose no signal (seed %i)',
    { timeout: 60_000 },
    async (seed) => {
      tries.clear()
      const dice = new SeededRandom(seed)
      const { cluster, settled } = await testClusterWorld.start({ register: [mixed, leaf, effects], runners: 3 })
      work = () => new Promise((resolve) => cluster.clock.setTimer(Math.floor(dice.next() * 2500), resolve))
      await settled(cluster.client(Effects).get('all').open())
      const ids = Array.from({ length: 15 }, (_, index) => `${seed}-${index}`)
      const client = cluster.client(Mixed)
      const starts = Promise.all(
        ids.map((id, index) => stubborn(cluster, () => client.start({ id, kind: index % 5, round: 0 }))),
      )
      for (let turn = 0; turn < 10; turn += 1) await misfortune(cluster, dice, ids)
      const runs = await settled(starts)
      for (let number = 0; number < 5; number += 1) {
        const waiting = runs.filter((_, index) => index % 5 === 1)
        const sent = Promise.all(
          waiting.map((run) =>
            stubborn(cluster, () => run.signal('go', number, { idempotencyKey: `${run.executionId} ${number}` })),
          ),
        )
        for (let turn = 0; turn < 6; turn += 1) await misfortune(cluster, dice, ids)
        await settled(sent)
      }
      for (const runner of cluster.runners) if (!runner.isRunning) await settled(cluster.restart(runner))

      const ends = await settled(Promise.all(runs.map((run) => run.result().catch(() => 'failed'))))
      expect(ends).toEqual(ids.map((id, index) => expected(id, index % 5).end))
      const lines = await settled(cluster.client(Effects).get('all').all())
      expect(lines).toEqual(ids.flatMap((id, index) => expected(id, index % 5).lines).toSorted())
    },
  )
})
