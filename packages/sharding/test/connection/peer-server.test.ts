import { epoch, runnerAddress } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../../src/connection/endpoint.ts'
import { PeerServer } from '../../src/connection/peer-server.ts'
import type { RawSide } from './line-scene.ts'
import { LineScene, hello, helloOfVersion2, serverAddress, serverId } from './line-scene.ts'
import { RecordedEndpoint } from './recorded-endpoint.ts'
import { request } from './request.ts'

const shard = request().address.shard

/** A server, and clients that the test plays. */
class Scene extends LineScene {
  readonly endpoint = new RecordedEndpoint()

  async serve(endpoint: Endpoint = this.endpoint): Promise<PeerServer> {
    return PeerServer.start({
      transport: this.server,
      address: serverAddress,
      endpoint,
      instanceId: serverId,
      clock: this.clock,
      log: this.log,
      encodeFailure: (error) => new TextEncoder().encode(error.message),
    })
  }

  /** A client that has said hello and opened this many calls. */
  async call(count: number): Promise<RawSide> {
    const side = await this.connectRaw()
    side.send(hello)
    for (let call = 1; call <= count; call += 1) side.send({ kind: 'request', call, ...request() })
    await this.settle()
    return side
  }
}

describe('PeerServer', () => {
  it('says hello and hands requests to the endpoint', async () => {
    await using scene = new Scene()
    await using server = await scene.serve()

    const client = await scene.call(1)

    expect(server.address).toBe(serverAddress)
    expect(client.received).toEqual([hello])
    expect(scene.endpoint.calls[0]?.request).toMatchObject(request())
  })

  it('sends what the endpoint answers, all of a tick as one batch', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(3)
    const owner = { address: runnerAddress('10.0.0.2:9000'), epoch: epoch(4) }

    scene.endpoint.sink(1).reply(Uint8Array.of(2))
    scene.endpoint.sink(0).chunk(0, [Uint8Array.of(7)])
    scene.endpoint.sink(0).reply(Uint8Array.of(1))
    scene.endpoint.sink(2).notMine(request().address, owner)
    await scene.settle()

    expect(client.received.slice(1)).toEqual([
      { kind: 'reply', call: 2, exit: Uint8Array.of(2) },
      { kind: 'chunk', call: 1, sequence: 0, values: [Uint8Array.of(7)] },
      { kind: 'reply', call: 1, exit: Uint8Array.of(1) },
      { kind: 'notMine', call: 3, shard, owner },
    ])
    expect(client.batches).toEqual([1, 4])
  })

  it('answers only once, whatever the endpoint does', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(1)

    scene.endpoint.sink(0).reply(Uint8Array.of(1))
    scene.endpoint.sink(0).reply(Uint8Array.of(2))
    scene.endpoint.sink(0).chunk(0, [])
    await scene.settle()

    expect(client.heard).toEqual(['hello', 'reply 1'])
  })

  it('says what became of a call that the endpoint lost', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(2)

    scene.endpoint.sink(0).broken(new Error('lost'), false)
    scene.endpoint.sink(1).broken(new Error('lost'), true)
    await scene.settle()

    expect(client.received.slice(1)).toEqual([
      { kind: 'notMine', call: 1, shard, owner: undefined },
      { kind: 'reply', call: 2, exit: new TextEncoder().encode('lost') },
    ])
  })

  it('passes cancel and credit on, and lets a cancelled call say nothing', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(1)

    client.send(
      { kind: 'credit', call: 1, received: 3, credit: 4 },
      { kind: 'cancel', call: 1 },
      { kind: 'cancel', call: 1 },
      { kind: 'credit', call: 1, received: 4, credit: 4 },
    )
    await scene.settle()
    scene.endpoint.sink(0).reply(Uint8Array.of(1))
    await scene.settle()

    expect(scene.endpoint.log).toEqual(['open 1', 'credit 1 3+4', 'cancel 1'])
    expect(client.heard).toEqual(['hello'])
  })

  it('ignores frames of unknown calls, of servers, and a number that is in use', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(1)

    client.send(
      { kind: 'cancel', call: 9 },
      { kind: 'credit', call: 9, received: 0, credit: 1 },
      { kind: 'reply', call: 1, exit: Uint8Array.of(1) },
      { kind: 'request', call: 1, ...request() },
    )
    await scene.settle()

    expect(scene.endpoint.log).toEqual(['open 1'])
    expect(client.isClosed).toBe(false)
  })

  it('disconnects open calls when the line ends, and sends nothing after it', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.call(2)
    scene.endpoint.sink(0).reply(Uint8Array.of(1))

    client.connection.close()
    await scene.settle()
    scene.endpoint.sink(1).reply(Uint8Array.of(1))
    await scene.settle()

    expect(scene.endpoint.log).toEqual(['open 1', 'open 1', 'disconnect 1'])
    expect(scene.network.openLines).toBe(0)
  })

  it('logs the end of a line that broke', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    await scene.call(1)

    scene.network.breakLines('client')
    await scene.settle()

    expect(scene.log.lines).toMatchObject([{ level: 'info', fields: { peer: 'client' } }])
    expect(scene.endpoint.log).toEqual(['open 1', 'disconnect 1'])
  })

  it('hears an endpoint that answers before open has returned', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve({
      open: (_request, sink) => {
        sink.reply(Uint8Array.of(1))
        return { cancel: () => undefined, credit: () => undefined, disconnect: () => undefined }
      },
    })

    const client = await scene.call(1)

    expect(client.heard).toEqual(['hello', 'reply 1'])
  })

  it.each([
    ['says hello twice', [hello, hello], 'warn'],
    ['does not begin with hello', [{ kind: 'cancel' as const, call: 1 }], 'warn'],
    ['speaks another protocol', [helloOfVersion2], 'error'],
  ])('cuts off a peer that %s, with a line in the log', async (_title, frames, level) => {
    await using scene = new Scene()
    await using _ = await scene.serve()
    const client = await scene.connectRaw()

    client.send(...frames)
    await scene.settle()

    expect(client.isClosed).toBe(true)
    expect(scene.log.lines).toMatchObject([{ level }])
  })

  it('goes on when the endpoint throws', async () => {
    await using scene = new Scene()
    await using _ = await scene.serve({
      open: () => {
        throw new Error('bad endpoint')
      },
    })

    const client = await scene.call(1)

    expect(client.isClosed).toBe(false)
    expect(scene.log.lines).toMatchObject([{ level: 'error', message: 'An endpoint threw.' }])
  })

  it('serves who is connected, and nobody new, when it stops accepting', async () => {
    await using scene = new Scene()
    await using server = await scene.serve()
    const client = await scene.call(1)

    server.stopAccepting()
    const late = await scene.call(1)
    scene.endpoint.sink(0).reply(Uint8Array.of(1))
    await scene.settle()

    expect(late.isClosed).toBe(true)
    expect(client.heard).toEqual(['hello', 'reply 1'])
  })

  it('sends waiting replies, disconnects open calls and leaves the address when it is disposed', async () => {
    await using scene = new Scene()
    const server = await scene.serve()
    const client = await scene.call(2)
    scene.endpoint.sink(0).reply(Uint8Array.of(1))

    await server[Symbol.asyncDispose]()
    await scene.settle()

    expect(client.heard).toEqual(['hello', 'reply 1'])
    expect(client.isClosed).toBe(true)
    expect(scene.endpoint.log.at(-1)).toBe('disconnect 1')
    await expect(scene.connectRaw()).rejects.toMatchObject({ code: 'RUNNER_UNAVAILABLE' })
  })
})
