import { expect, it } from 'vitest'
import { runScenario } from '../src/run-scenario.ts'
import { drawScenario } from '../src/scenario.ts'

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('runs seed %i twice alike', { timeout: 20_000 }, async (seed) => {
  const first = await runScenario(drawScenario(seed))
  const second = await runScenario(drawScenario(seed))

  expect(second.trace.lines()).toEqual(first.trace.lines())
  expect(second.log.map(({ level, message }) => `${level} ${message}`)).toEqual(
    first.log.map(({ level, message }) => `${level} ${message}`),
  )
})

it('draws another run for another seed', async () => {
  const first = await runScenario(drawScenario(1))
  const second = await runScenario(drawScenario(2))

  expect(second.trace.lines()).not.toEqual(first.trace.lines())
})
