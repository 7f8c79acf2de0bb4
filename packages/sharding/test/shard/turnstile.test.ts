import { expect, it } from 'vitest'
import { Turnstile } from '../../src/shard/turnstile.ts'

/** Lets everything happen that promises wait for. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('lets in as many as there are places, and others in line as places become free', async () => {
  const turnstile = new Turnstile(2)
  const inside: string[] = []
  const leaves = new Map<string, () => void>()
  for (const name of ['a', 'b', 'c', 'd']) {
    void turnstile.enter().then((leave) => {
      inside.push(name)
      return leaves.set(name, leave)
    })
  }

  await settle()
  expect(inside).toEqual(['a', 'b'])
  leaves.get('b')?.()
  await settle()
  expect(inside).toEqual(['a', 'b', 'c'])
  leaves.get('a')?.()
  await settle()

  expect(inside).toEqual(['a', 'b', 'c', 'd'])
})

it('counts a place that is given back twice once', async () => {
  const turnstile = new Turnstile(1)
  const leave = await turnstile.enter()
  leave()
  leave()

  await turnstile.enter()
  let isInside = false
  void turnstile.enter().then(() => (isInside = true))
  await settle()

  expect(isInside).toBe(false)
})
