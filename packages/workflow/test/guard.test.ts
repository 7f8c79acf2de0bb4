import { setImmediate as turn } from 'node:timers/promises'
import type { ConfigError } from '@cruster/core'
import { afterEach, describe, expect, it } from 'vitest'
import { enterBody, outsideOfBody } from '../src/context/body-entrance.ts'
import { guardWorkflows } from '../src/guard.ts'

const guards: Disposable[] = []
const guard = (...args: Parameters<typeof guardWorkflows>): Disposable => {
  const made = guardWorkflows(...args)
  guards.push(made)
  return made
}

afterEach(() => {
  for (const made of guards.splice(0)) made[Symbol.dispose]()
})

const inBody = <T>(body: () => T): T => enterBody('Workflow/W/1', body)

describe('a guarded body', () => {
  it.each([
    ['Date.now()', 'ctx.now()', () => Date.now()],
    ['new Date()', 'new Date(ctx.now())', () => new Date()],
    ['performance.now()', 'ctx.now()', () => performance.now()],
    ['Math.random()', 'ctx.random()', () => Math.random()],
    ['crypto.randomUUID()', 'ctx.uuid()', () => crypto.randomUUID()],
    ['setTimeout()', 'ctx.sleep()', () => setTimeout(() => {}, 0)],
    ['fetch()', 'an activity', () => fetch('data:,x')],
  ] as const)('cannot call %s, and hears of %s', (text, remedy, call: () => unknown) => {
    guard()

    expect(() => inBody(call)).toThrow(
      `The body of Workflow/W/1 calls ${text}, which gives something else when the body runs again. Use ${remedy}.`,
    )
  })

  it('is guarded after it has waited, too', async () => {
    guard()
    const body = async (): Promise<number> => {
      await Promise.resolve()
      return Math.random()
    }

    await expect(inBody(body)).rejects.toThrow('calls Math.random()')
  })

  it('can make dates of numbers, and tell them', () => {
    guard()

    expect(inBody(() => new Date(5) instanceof Date && new Date(5).getTime())).toBe(5)
  })

  it('has the runtime ask the clock for it', () => {
    guard()

    expect(inBody(() => outsideOfBody(() => Date.now()))).toBeGreaterThan(0)
  })

  it('goes on when that is only to be reported', () => {
    const reported: ConfigError[] = []
    guard({ report: (error) => reported.push(error) })

    expect(inBody(() => Math.random())).toBeLessThan(1)
    expect(reported.map(({ message }) => message)).toEqual([expect.stringContaining('Math.random()')])
  })
})

describe('what is not a body', () => {
  it('is not touched while bodies are guarded', async () => {
    guard()
    await turn()

    expect([Date.now() > 0, new Date().getTime() > 0, Math.random() < 1]).toEqual([true, true, true])
  })

  it('is as it was when the guard is gone', () => {
    const before = [Date, Date.now, Math.random, setTimeout, fetch]
    guard()[Symbol.dispose]()

    expect([Date, Date.now, Math.random, setTimeout, fetch]).toEqual(before)
    expect(inBody(() => Date.now())).toBeGreaterThan(0)
  })
})
