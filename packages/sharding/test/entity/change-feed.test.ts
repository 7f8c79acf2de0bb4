import { expect, it } from 'vitest'
import { ChangeFeed } from '../../src/entity/change-feed.ts'

/** Everything that a reader gets until its feed ends. */
async function all(values: AsyncIterable<number>): Promise<number[]> {
  const seen: number[] = []
  for await (const value of values) seen.push(value)
  return seen
}

const never = new AbortController().signal

it('tells each reader the value at first and every later one, in order', async () => {
  const feed = new ChangeFeed<number>()
  const early = all(feed.read(0, never))
  feed.publish(1)
  const late = all(feed.read(1, never))
  feed.publish(2)

  feed.end()

  expect(await early).toEqual([0, 1, 2])
  expect(await late).toEqual([1, 2])
})

it('misses nothing between the call and the first read', async () => {
  const feed = new ChangeFeed<number>()

  const values = feed.read(0, never)
  feed.publish(1)
  feed.end()

  expect(await all(values)).toEqual([0, 1])
})

it('ends with the signal, without what was not read', async () => {
  const feed = new ChangeFeed<number>()
  const controller = new AbortController()
  const iterator = feed.read(0, controller.signal)[Symbol.asyncIterator]()
  await iterator.next()
  const waiting = iterator.next()

  feed.publish(1)
  controller.abort()

  expect((await waiting).done).toBe(true)
  expect((await iterator.next()).done).toBe(true)
})

it('forgets a reader that stops', async () => {
  const feed = new ChangeFeed<number>()
  const iterator = feed.read(0, never)[Symbol.asyncIterator]()
  await iterator.next()

  expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
  feed.publish(1)

  feed.end()
  expect((await iterator.next()).done).toBe(true)
})

it('drops the oldest states that a reader is too slow for, never the newest', async () => {
  const feed = new ChangeFeed<number>()
  const values = feed.read(0, never)

  for (let value = 1; value <= 2000; value += 1) feed.publish(value)
  feed.end()
  const seen = await all(values)

  expect(seen).toHaveLength(1024)
  expect(seen.at(0)).toBe(977)
  expect(seen.at(-1)).toBe(2000)
})
