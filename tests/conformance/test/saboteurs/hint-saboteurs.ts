import { shardId, type ShardId } from '@cruster/core'
import { alter, type Saboteur } from './alter-storage.ts'

/** Has hints by its own word, but nobody hears of anything. */
export const announcesNothing: Saboteur = (inner) =>
  alter(inner, {
    hints: {
      // oxlint-disable-next-line require-yield -- that is what is wrong with it
      async *watch(signal): AsyncIterable<ReadonlyMap<ShardId, number>> {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    },
  })

/** Tells of messages that were never stored. */
export const announcesTooMuch: Saboteur = (inner) =>
  alter(inner, {
    hints: {
      async *watch(signal): AsyncIterable<ReadonlyMap<ShardId, number>> {
        yield new Map([7, 8].map((index) => [shardId('default', index), 1_000_000]))
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    },
  })
