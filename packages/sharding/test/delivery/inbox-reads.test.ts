import { shardId, type ShardId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { InboxReads } from '../../src/delivery/inbox-reads.ts'

const shards = Array.from({ length: 100 }, (_, index) => shardId('default', index))

/** A storage that writes down what it is asked, and answers when the test lets it. */
class AskedStorage {
  readonly clock = new VirtualClock()
  readonly asked: (readonly ShardId[])[] = []
  readonly pages: ShardId[] = []
  readonly answers: (() => void)[] = []
  readonly reads = new InboxReads({
    clock: this.clock,
    storage: {
      messages: {
        lastSequences: async (of: readonly ShardId[]) => {
          this.asked.push(of)
          if (of.includes(shardId('default', 13))) throw new Error('out of order')
          return new Map([[shardId('default', 7), 70]])
        },
        pending: async ({ shard }: { readonly shard: ShardId }) => {
          this.pages.push(shard)
          await new Promise<void>((resolve) => this.answers.push(resolve))
          return []
        },
      },
    },
  } as never)
}

it('asks once for all shards that want to know at the same moment', async () => {
  const { reads, asked, clock } = new AskedStorage()
  const few = shards.slice(0, 10)

  const answers = Promise.all(few.map((shard) => reads.lastSequence(shard)))
  await clock.runUntilIdle()

  expect(asked).toEqual([few])
  expect(await answers).toEqual([0, 0, 0, 0, 0, 0, 0, 70, 0, 0])
})

it('asks anew after a question that failed, which all of its askers hear of', async () => {
  const { reads, asked, clock } = new AskedStorage()

  const failed = Promise.allSettled(shards.slice(12, 14).map((shard) => reads.lastSequence(shard)))
  await clock.runUntilIdle()
  const later = reads.lastSequence(shardId('default', 7))
  await clock.runUntilIdle()

  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await later).toBe(70)
  expect(asked).toHaveLength(2)
})

it('reads two pages at once, so that others find a connection', async () => {
  const { reads, pages, answers, clock } = new AskedStorage()
  const query = { after: 0, dueWithinMs: 0, limit: 500 }

  const all = Promise.all(shards.map((shard) => reads.pending({ ...query, shard })))
  await clock.runUntilIdle()
  const atOnce = pages.length
  while (answers.length > 0) {
    answers.shift()?.()
    await clock.runUntilIdle()
  }
  await all

  expect(atOnce).toBe(2)
  expect(pages).toEqual(shards)
})
