import assert from 'node:assert/strict'
import { eventually } from '../../eventually.ts'
import type { Law } from '../../law.ts'
import type { OpenLine } from './open-line.ts'
import { openLine } from './open-line.ts'
import { numbered } from './transport-samples.ts'
import type { TransportWorld } from './transport-world.ts'

const patience = 5000

export const lineLaws: readonly Law<TransportWorld>[] = [
  {
    id: 'TR2',
    title: 'when either side closes, `frames` ends and `closed` resolves without a reason on both sides',
    async check(world) {
      const first = await openLine(world)
      const second = await first.again()

      first.client.connection.close()
      second.server.connection.close()
      await bothOver(world, first, patience)
      await bothOver(world, second, patience)

      for (const { client, server } of [first, second]) {
        assert.deepEqual([client.closed, server.closed], [{ reason: undefined }, { reason: undefined }])
      }
    },
  },
  {
    id: 'TR2b',
    title: 'when the line breaks, `frames` ends and `closed` resolves with a reason on both sides',
    async check(world) {
      const line = await openLine(world)
      line.client.connection.send(numbered(0, 10))

      await world.breakLines()
      await bothOver(world, line, patience + world.keepAliveMs)

      assert.ok(line.client.closed?.reason instanceof Error && line.server.closed?.reason instanceof Error)
      line.client.connection.send(numbered(10, 20))
      line.client.connection.close()
    },
  },
  {
    id: 'TR3',
    title: 'a broken line stays broken: nothing that was sent on it arrives later on another',
    async check(world) {
      const broken = await openLine(world)
      broken.client.connection.send(numbered(0, 1000))
      broken.server.connection.send(numbered(0, 1000))

      await world.breakLines()
      const next = await broken.again()
      broken.client.connection.send(numbered(1000, 1001))
      next.client.connection.send(numbered(2000, 2001))
      next.server.connection.send(numbered(2000, 2001))
      await eventually(world, 'the new line carries frames', {
        withinMs: patience,
        holds: () => next.server.calls.includes(2000) && next.client.calls.includes(2000),
      })
      await world.advance(50)

      assert.deepEqual([next.server.calls, next.client.calls], [[2000], [2000]])
      assert.deepEqual(
        broken.server.calls,
        numbered(0, broken.server.calls.length).map((frame) => 'call' in frame && frame.call),
      )
    },
  },
  {
    id: 'TR7',
    title: 'a line on which the other side has died without a word is noticed and closed',
    async check(world) {
      const { client } = await openLine(world)

      await world.silenceLines()
      await eventually(world, 'the silence was noticed', {
        withinMs: patience + 2 * world.keepAliveMs,
        holds: () => client.isOver,
      })

      assert.ok(client.closed?.reason instanceof Error)
    },
  },
  {
    id: 'TR7b',
    title: 'a line on which nobody has anything to say stays open',
    async check(world) {
      const { client, server } = await openLine(world)

      await world.advance(3 * world.keepAliveMs)
      client.connection.send(numbered(0, 1))
      await eventually(world, 'a frame arrived', { withinMs: patience, holds: () => server.frames.length === 1 })

      assert.equal(client.isOver || server.isOver, false)
    },
  },
]

async function bothOver(world: TransportWorld, { client, server }: OpenLine, withinMs: number): Promise<void> {
  await eventually(world, 'both sides are over', { withinMs, holds: () => client.isOver && server.isOver })
}
