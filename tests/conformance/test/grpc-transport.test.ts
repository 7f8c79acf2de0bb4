import type { Connection } from '@cruster/core/ports'
import { eventually, transportLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { grpcTransportWorld } from './grpc-worlds.ts'

describeLaws({ name: 'GrpcTransport', open: () => grpcTransportWorld() }, transportLaws)

/** A line through a proxy, as both of its sides see it. */
async function openLine(options = {}) {
  const world = await grpcTransportWorld(options)
  onTestFinished(() => world[Symbol.asyncDispose]())
  const accepted: Connection[] = []
  const listener = await world.listen((connection) => accepted.push(connection))
  const client = await world.client.connect(listener.address, new AbortController().signal)
  await eventually(world, 'the connection was accepted', { withinMs: 1000, holds: () => accepted.length === 1 })
  return { world, client, server: accepted[0]! }
}

it('lets a runner notice that its caller has fallen silent', async () => {
  const { world, server } = await openLine()

  await world.silenceLines()

  expect(await server.closed).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'unknown' })
})

it('closes the line of a peer that takes nothing once too much waits for it', async () => {
  const { world, client } = await openLine({ keepAliveTimeout: '1 minute', maxQueuedBytes: 5_000_000 })
  const exit = new Uint8Array(100_000)

  await world.silenceLines()
  for (let call = 0; call < 300; call += 1) client.send([{ kind: 'reply', call, exit }])

  expect(String(await client.closed)).toMatch(/bytes wait to be sent to it, and maxQueuedBytes is 5000000/u)
})

it('carries far more than may wait to a peer that keeps up', async () => {
  const { client, server } = await openLine({ maxQueuedBytes: 2_000_000 })
  const exit = new Uint8Array(100_000)
  const calls = 200

  let arrived = 0
  const reading = (async () => {
    for await (const frames of server.frames) {
      arrived += frames.length
      server.send(frames.map(() => ({ kind: 'cancel', call: arrived })))
      if (arrived === calls) return
    }
  })()
  for (let call = 0; call < calls; call += 10) {
    client.send(Array.from({ length: 10 }, () => ({ kind: 'reply', call, exit })))
    await client.frames[Symbol.asyncIterator]().next()
  }
  await reading

  expect(arrived).toBe(calls)
})
