import { describe, expect, test } from 'vitest'
import { closedLoop } from '../src/measure/closed-loop.ts'
import type { Environment, Load } from '../src/workload.ts'

const environment: Environment = {
  postgresUrl: undefined,
  etcdUrl: undefined,
  concurrency: 3,
  seconds: 0.05,
  warmUpSeconds: 0.01,
}
const marks = { begin: async () => {}, end: async () => {} }

/** Does nothing, and says that it did `extra` operations more than it was asked for. */
function load(extra: number): Load & { readonly callers: Set<number> } {
  let done = 0
  const callers = new Set<number>()
  return {
    callers,
    operation: async (caller) => {
      callers.add(caller)
      done += 1
    },
    verify: async () => ({ done: done + extra }),
    async [Symbol.asyncDispose]() {},
  }
}

describe('a closed loop', () => {
  test('has as many callers as it is asked for, and counts what they do', async () => {
    const measured = load(0)
    const rate = await closedLoop(measured, environment, marks)
    expect(measured.callers).toEqual(new Set([0, 1, 2]))
    expect(rate.operations).toBeGreaterThan(0)
    expect(rate.perSecond).toBeCloseTo(rate.operations / rate.seconds)
    expect(rate.verified['done']).toBeGreaterThan(rate.operations)
  })

  test('has no result when the load did something else than it was asked to', async () => {
    await expect(closedLoop(load(1), environment, marks)).rejects.toThrow('The result is wrong')
  })
})
