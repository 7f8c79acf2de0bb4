import { shardId, type ShardId } from '@cruster/core'
import { SeededRandom, VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { MessageSweep } from '../../src/delivery/message-sweep.ts'

const [mine, other] = [shardId('default', 1), shardId('default', 2)]

it('passes hints of storage on to the shards that are owned, until it ends', async () => {
  const hinted: number[] = []
  let isWatched = true
  const hints = {
    async *watch(signal: AbortSignal): AsyncIterable<ReadonlyMap<ShardId, number>> {
      yield new Map([
        [mine, 5],
        [other, 9],
      ])
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      isWatched = false
    },
  }
  const services = {
    clock: new VirtualClock(),
    random: new SeededRandom(1),
    config: { sweepIntervalMs: 1e9, scheduleHorizonMs: 1e9 },
    storage: { hints },
  }
  const table = { shards: new Map([[mine, { inbox: { hint: (last: number) => hinted.push(last) } }]]) }

  {
    await using sweep = new MessageSweep(services as never, table as never)
    await Promise.resolve()
    expect(sweep).toBeDefined()
    await services.clock.advance(1)
  }

  expect(hinted).toEqual([5])
  expect(isWatched).toBe(false)
})
