import { epoch, instanceId, runnerAddress } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import type { ReplySink } from '../../src/connection/endpoint.ts'
import { PeerLine } from '../../src/connection/peer-line.ts'
import { HeardSink } from './heard-sink.ts'
import type { RawSide } from './line-scene.ts'
import { LineScene, clientId, hello, helloOfVersion2, serverAddress } from './line-scene.ts'
import { request } from './request.ts'

/** A line to a server that the test plays. */
class Scene extends LineScene {
  readonly events: string[] = []

  async connect(greet = true): Promise<{ readonly line: PeerLine; readonly server: RawSide }> {
    const sides = await this.listenRaw(greet)
    const line = new PeerLine({
      connection: await this.client.connect(serverAddress, new AbortController().signal),
      address: serverAddress,
      instanceId: clientId,
      clock: this.clock,
      log: this.log,
      listener: {
        opened: (peer) => this.events.push(`opened ${peer}`),
        ended: (reason) => this.events.push(`ended: ${reason.message}`),
      },
    })
    await this.settle()
    return { line, server: sides[0]! }
  }
}

describe('PeerLine', () => {
  it('says hello, and is open when the other side has said it too', async () => {
    await using scene = new Scene()

    const { server } = await scene.connect()

    expect(server.received).toEqual([{ kind: 'hello', protocol: 1, instanceId: clientId }])
    expect(scene.events).toEqual(['opened server'])
  })

  it('sends all requests of a tick as one batch, numbered from 1', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()

    line.open(request(), new HeardSink())
    line.open(request({ method: 'decrement' }), new HeardSink())
    await scene.settle()

    expect(server.received.slice(1)).toEqual([
      { kind: 'request', call: 1, ...request() },
      { kind: 'request', call: 2, ...request({ method: 'decrement' }) },
    ])
    expect(server.batches).toEqual([1, 2])
  })

  it('gives each answer to the call it belongs to', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const sinks = [new HeardSink(), new HeardSink(), new HeardSink()] as const
    for (const sink of sinks) line.open(request(), sink)
    const owner = { address: runnerAddress('10.0.0.2:9000'), epoch: epoch(4) }

    server.send(
      { kind: 'chunk', call: 3, sequence: 0, values: [Uint8Array.of(5), Uint8Array.of(6)] },
      { kind: 'notMine', call: 2, shard: request().address.shard, owner },
      { kind: 'reply', call: 3, exit: Uint8Array.of(1) },
      { kind: 'notMine', call: 1, shard: request().address.shard },
    )
    await scene.settle()

    expect(sinks.map(({ heard }) => heard)).toEqual([
      ['not mine Counter/a, owner unknown'],
      ['not mine Counter/a, owner 10.0.0.2:9000'],
      ['chunk 0: 5, 6', 'reply 1'],
    ])
    expect(line.hasOpenCalls).toBe(false)
  })

  it('ignores late frames and frames that only a caller sends', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const sink = new HeardSink()
    line.open(request(), sink)

    server.send(
      { kind: 'reply', call: 9, exit: Uint8Array.of(9) },
      { kind: 'credit', call: 1, received: 0, credit: 9 },
      { kind: 'cancel', call: 1 },
      { kind: 'request', call: 1, ...request() },
      { kind: 'reply', call: 1, exit: Uint8Array.of(1) },
      { kind: 'reply', call: 1, exit: Uint8Array.of(2) },
      { kind: 'chunk', call: 1, sequence: 0, values: [] },
    )
    await scene.settle()

    expect(sink.heard).toEqual(['reply 1'])
  })

  it('tells the other side when a call is cancelled, and its sink nothing more', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const sink = new HeardSink()
    const call = line.open(request(), sink)

    call.cancel()
    call.cancel()
    call.credit(0, 5)
    server.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) })
    await scene.settle()

    expect(server.heard).toEqual(['hello', 'request 1', 'cancel 1'])
    expect(sink.heard).toEqual([])
  })

  it('forgets a call that is disconnected without a word to the other side', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const sink = new HeardSink()

    line.open(request(), sink).disconnect()
    server.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) })
    await scene.settle()

    expect(server.heard).toEqual(['hello', 'request 1'])
    expect(sink.heard).toEqual([])
  })

  it('passes credit on while the call is open', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const call = line.open(request({ credit: 2 }), new HeardSink())

    call.credit(2, 4)
    await scene.settle()
    server.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) })
    await scene.settle()
    call.credit(4, 4)
    await scene.settle()

    expect(server.received.slice(2)).toEqual([{ kind: 'credit', call: 1, received: 2, credit: 4 }])
  })

  it('breaks every open call when the line breaks: it may have arrived', async () => {
    await using scene = new Scene()
    const { line } = await scene.connect()
    const sinks = [new HeardSink(), new HeardSink()] as const
    for (const sink of sinks) line.open(request(), sink)

    scene.network.breakLines('server')
    await scene.settle()

    expect(sinks.map(({ heard }) => heard)).toEqual([['broken, sent'], ['broken, sent']])
    expect(sinks[0].reason).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'unknown' })
    expect(scene.events).toEqual([
      'opened server',
      'ended: Runner 10.0.0.1:9000 cannot be reached: the line broke. It may have happened, or may still; ' +
        'retry with the same idempotency key only. Check that it runs, and that its address can be reached from here.',
    ])
  })

  it('breaks open calls when the other side closes, and later ones as never sent', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const [open, late] = [new HeardSink(), new HeardSink()]
    line.open(request(), open)

    server.connection.close()
    await scene.settle()
    line.open(request(), late)
    expect(late.heard).toEqual([])
    await scene.settle()

    expect(open.heard).toEqual(['broken, sent'])
    expect(late.heard).toEqual(['broken, not sent'])
    expect(late.reason).toMatchObject({ outcome: 'not-started' })
  })

  it('says nothing to a call that was refused and then cancelled', async () => {
    await using scene = new Scene()
    const { line } = await scene.connect()
    line.close(new Error('enough'))
    const sink = new HeardSink()

    line.open(request(), sink).cancel()
    await scene.settle()

    expect(sink.heard).toEqual([])
  })

  it('sends what waits before it closes', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    line.open(request(), new HeardSink()).cancel()

    line.close(new Error('enough'))
    await line.finished
    await scene.settle()

    expect(server.heard).toEqual(['hello', 'request 1', 'cancel 1'])
    expect(server.isClosed).toBe(true)
  })

  it('lets a sink that hears of the end open its next call elsewhere at once', async () => {
    await using scene = new Scene()
    const { line } = await scene.connect()
    const order = scene.events
    const sink = new HeardSink()
    sink.broken = () => order.push('sink broken')
    line.open(request(), sink)

    line.close(new Error('enough'))

    expect(order).toEqual(['opened server', 'ended: enough', 'sink broken'])
  })

  it('goes on when a sink throws', async () => {
    await using scene = new Scene()
    const { line, server } = await scene.connect()
    const bad: ReplySink = new HeardSink()
    bad.reply = () => {
      throw new Error('bad sink')
    }
    const good = new HeardSink()
    line.open(request(), bad)
    line.open(request(), good)

    server.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) }, { kind: 'reply', call: 2, exit: Uint8Array.of(2) })
    await scene.settle()

    expect(good.heard).toEqual(['reply 2'])
    expect(scene.log.lines).toMatchObject([{ level: 'error', message: 'A receiver of replies threw.' }])
  })

  it('is over with a clear reason when the other side speaks another protocol', async () => {
    await using scene = new Scene()
    const { server } = await scene.connect(false)

    server.send(helloOfVersion2)
    await scene.settle()

    expect(scene.events).toEqual([
      'ended: The runner at 10.0.0.1:9000 speaks protocol 2; this one speaks 1. Nothing was sent to it. ' +
        'Deploy versions of Cruster that share a protocol.',
    ])
    expect(server.isClosed).toBe(true)
  })

  it('cuts off a peer that sends something before its hello', async () => {
    await using scene = new Scene()
    const { server } = await scene.connect(false)

    server.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) })
    await scene.settle()

    expect(scene.events).toEqual([expect.stringContaining('it broke the protocol with an unexpected reply frame')])
    expect(server.isClosed).toBe(true)
  })

  it('cuts off a peer that says hello twice', async () => {
    await using scene = new Scene()
    const { server } = await scene.connect()

    server.send({ ...hello, instanceId: instanceId('somebody else') })
    await scene.settle()

    expect(server.isClosed).toBe(true)
  })
})
