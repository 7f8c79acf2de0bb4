import { eventually } from '../../eventually.ts'
import type { Law } from '../../law.ts'
import { openLine } from './open-line.ts'
import { assertSameFrames } from './same-frames.ts'
import { frameSamples, numbered } from './transport-samples.ts'
import type { TransportWorld } from './transport-world.ts'

const patience = 5000
const batches = 50
const batchSize = 20

export const deliveryLaws: readonly Law<TransportWorld>[] = [
  {
    id: 'TR1',
    title: 'frames arrive in the order sent, without gaps or repetitions, until the connection closes',
    async check(world) {
      const { client, server } = await openLine(world)

      for (let batch = 0; batch < batches; batch += 1) {
        const frames = numbered(batch * batchSize, (batch + 1) * batchSize)
        client.connection.send(frames.slice(0, batch % batchSize))
        client.connection.send(frames.slice(batch % batchSize))
        server.connection.send(frames)
        if (batch % 7 === 0) await world.advance(1)
      }
      const all = numbered(0, batches * batchSize)
      await eventually(world, 'all frames arrived', {
        withinMs: patience,
        holds: () => server.frames.length >= all.length && client.frames.length >= all.length,
      })
      await world.advance(50)

      assertSameFrames(server.frames, all)
      assertSameFrames(client.frames, all)
    },
  },
  {
    id: 'TR1b',
    title: 'frames sent before a connection is closed on purpose still arrive',
    async check(world) {
      const { client, server } = await openLine(world)

      client.connection.send(numbered(0, 100))
      client.connection.close()
      client.connection.send(numbered(100, 101))
      await eventually(world, 'the other side ended', { withinMs: patience, holds: () => server.isOver })

      assertSameFrames(server.frames, numbered(0, 100))
    },
  },
  {
    id: 'TR4',
    title: 'many frames of every kind arrive equal to what was sent, bytes included',
    async check(world) {
      const { client, server } = await openLine(world)
      const sent = Array.from({ length: 20 }, () => frameSamples).flat()

      client.connection.send(sent)
      server.connection.send(sent)
      await eventually(world, 'all frames arrived', {
        withinMs: patience,
        holds: () => server.frames.length >= sent.length && client.frames.length >= sent.length,
      })

      assertSameFrames(server.frames, sent)
      assertSameFrames(client.frames, sent)
    },
  },
]
