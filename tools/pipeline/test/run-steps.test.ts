import { expect, test } from 'vitest'
import { runSteps, type Step } from '../run-steps.ts'

const step = (name: string, code: number, after: readonly string[] = []): Step => ({
  name,
  after,
  run: async () => ({ code, output: `${name} said this` }),
})

const run = async (steps: readonly Step[]): Promise<Record<string, string>> => {
  const results = await runSteps(steps, { atOnce: 2, onEnd: () => {} })
  return Object.fromEntries(results.map(({ name, result }) => [name, result]))
}

test('reports what passed and what failed', async () => {
  expect(await run([step('a', 0), step('b', 1), step('c', 0)])).toEqual({ a: 'passed', b: 'failed', c: 'passed' })
})

test('skips what needs a step that did not pass', async () => {
  const steps = [step('a', 1), step('b', 0, ['a']), step('c', 0, ['b']), step('d', 0)]

  expect(await run(steps)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', d: 'passed' })
})

test('does not wait for a step that is not among those to run', async () => {
  expect(await run([step('b', 0, ['a'])])).toEqual({ b: 'passed' })
})

test('a step that cannot be started has failed', async () => {
  const steps = [{ name: 'a', run: () => Promise.reject(new Error('no such program')) }]

  expect(await run(steps)).toEqual({ a: 'failed' })
})
