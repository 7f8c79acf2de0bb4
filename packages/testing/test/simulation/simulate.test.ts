import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { counterModel } from '../../src/history/sequential-model.ts'
import { linearizability } from '../../src/history/linearizability.ts'
import { drawFaults, allFaults } from '../../src/simulation/draw-faults.ts'
import { Dice } from '../../src/simulation/dice.ts'
import { shrink } from '../../src/simulation/shrink.ts'
import { simulate, trySimulation } from '../../src/simulation/simulate.ts'
import { SimulationFailed } from '../../src/simulation/simulation-failed.ts'
import type { Simulation } from '../../src/simulation/simulation.ts'

const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: { increment: activity<number, number>(), get: rpc<void, number>() },
})

const counter = Counter.implement({
  increment: ({ state }, by) => (state.count += by),
  get: ({ state }) => state.count,
})

async function countTo(simulation: Simulation, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await simulation
      .client(Counter)
      .get('a')
      .increment(1)
      .catch(() => {})
    await simulation.sleep(200)
  }
}

const options = { register: [counter], runners: 3, duration: '5s' } as const

it('keeps a counter linearizable, whatever happens', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const { history } = await simulate({ ...options, seed, run: (simulation) => countTo(simulation, 20) })

    expect(linearizability(history.of(Counter), counterModel)).toBe('linearizable')
  }
})

it('runs a seed twice alike', async () => {
  const run = async () =>
    (await trySimulation({ ...options, seed: 3, run: (simulation) => countTo(simulation, 20) })).trace
  const [first, second] = [await run(), await run()]

  expect(second.lines()).toEqual(first.lines())
})

it('succeeds with every call when nothing is faulty', async () => {
  const { history } = await simulate({
    ...options,
    seed: 1,
    faults: 'none',
    run: (simulation) => countTo(simulation, 10),
  })

  expect(history.operations.map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 10 }, () => 'returned'))
})

it('tells what was broken, what happened, and how to see it again', async () => {
  const failing = simulate({
    ...options,
    seed: 2,
    run: (simulation) => countTo(simulation, 3),
    check: () => [{ check: 'my promise', message: 'it was broken', about: 'Counter/a' }],
    replay: (seed) => `again ${seed}`,
  })

  const error: unknown = await failing.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SimulationFailed)
  expect(String(error)).toMatch(/Seed 2 breaks a promise.*my promise: it was broken.*increment\(1\).*Again: again 2/su)
})

it('fails when a check throws', async () => {
  const check = (): never => {
    throw new RangeError('no good')
  }

  await expect(simulate({ ...options, seed: 2, run: async () => {}, check })).rejects.toThrow(/RangeError: no good/u)
})

it('leaves out the faults that do not matter', async () => {
  const crashes = async (simulation: Simulation): Promise<void> => {
    await simulation.sleep('6s')
    if (simulation.plan.some(({ kind }) => kind === 'crash'))
      simulation.report({ check: 'no crash', message: 'a crash' })
  }
  const faults = { crash: 3, pause: 2, breakLines: 2 }

  const error: unknown = await simulate({ ...options, seed: 5, faults, run: crashes, shrink: true }).catch(
    (e: unknown) => e,
  )
  expect(error instanceof SimulationFailed && error.plan.map(({ kind }) => kind)).toEqual(['crash'])
})

it('shrinks a list to what fails', async () => {
  const fails = async (items: readonly number[]): Promise<boolean> => items.includes(3) && items.includes(17)

  expect(
    await shrink(
      Array.from({ length: 40 }, (_, index) => index),
      fails,
    ),
  ).toEqual([3, 17])
})

it('never holds a process twice at the same time', () => {
  const scope = {
    runners: ['runner-1', 'runner-2'] as const,
    withinMs: 10_000,
    leaseTtlMs: 3000,
    rates: { ...allFaults, crash: 9 },
  }
  for (let seed = 1; seed <= 50; seed += 1) {
    const held = drawFaults(new Dice(seed), scope).filter((fault) => fault.kind === 'crash' || fault.kind === 'pause')
    for (const name of scope.runners) {
      const own = held.filter((fault) => 'runner' in fault && fault.runner === name)
      expect(own.every((fault, at) => fault.atMs >= (own[at - 1]?.atMs ?? 0) + (own[at - 1]?.forMs ?? 0))).toBe(true)
    }
  }
})
