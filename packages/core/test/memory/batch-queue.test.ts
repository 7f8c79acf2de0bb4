import { expect, it } from 'vitest'
import { BatchQueue } from '../../src/memory/batch-queue.ts'

it('gives what has come since the last look as one batch, and what is left after the end', async () => {
  const queue = new BatchQueue<number>()
  const batches = queue[Symbol.asyncIterator]()
  queue.push([1])
  queue.push([2, 3])

  expect((await batches.next()).value).toEqual([1, 2, 3])
  const waiting = batches.next()
  queue.push([4])
  expect((await waiting).value).toEqual([4])
  queue.push([5])
  queue.end()
  queue.push([6])

  expect((await batches.next()).value).toEqual([5])
  expect((await batches.next()).done).toBe(true)
})

it('ends a reader that waits', async () => {
  const queue = new BatchQueue<number>()
  const waiting = queue[Symbol.asyncIterator]().next()

  queue.end()

  expect((await waiting).done).toBe(true)
})

it('takes more items at once than fit on the stack', async () => {
  const queue = new BatchQueue<number>()

  queue.push(Array.from({ length: 500_000 }, (_, index) => index))

  expect((await queue[Symbol.asyncIterator]().next()).value).toHaveLength(500_000)
})
