import { runnerAddress } from '@cruster/core'
import { SeededRandom } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import type { OpenCall } from '../../src/connection/endpoint.ts'
import type { PeerPoolOptions } from '../../src/connection/peer-pool.ts'
import { PeerPool } from '../../src/connection/peer-pool.ts'
import { HeardSink } from './heard-sink.ts'
import { LineScene, clientId, hello, helloOfVersion2, serverAddress } from './line-scene.ts'
import { request } from './request.ts'

/** A pool of a client, and a server that the test plays. */
class Scene extends LineScene {
  readonly pool: PeerPool

  constructor(options: Partial<PeerPoolOptions> = {}) {
    super()
    this.pool = new PeerPool({
      transport: this.client,
      clock: this.clock,
      random: new SeededRandom(1),
      log: this.log,
      instanceId: clientId,
      ...options,
    })
  }

  /** Calls the server; what its sink hears, and the call. */
  call(fields: Parameters<typeof request>[0] = {}): { readonly sink: HeardSink; readonly call: OpenCall } {
    const sink = new HeardSink()
    return { sink, call: this.pool.endpoint(serverAddress).open(request(fields), sink) }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.pool[Symbol.asyncDispose]()
    await super[Symbol.asyncDispose]()
  }
}

describe('PeerPool', () => {
  it('connects when it is asked, and uses one line for all calls', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    expect(servers).toHaveLength(0)

    scene.call()
    scene.call()
    await scene.settle()
    scene.call()
    await scene.settle()

    expect(servers.map(({ heard }) => heard)).toEqual([['hello', 'request 1', 'request 2', 'request 3']])
  })

  it('sends nothing but hello before the other side has said hello', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw(false)

    scene.call()
    await scene.settle()

    expect(servers[0]?.heard).toEqual(['hello'])
  })

  it('keeps a line for each address', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const other = runnerAddress('10.0.0.2:9000')
    await scene.server.listen(other, (connection) => connection.close())

    scene.call()
    const elsewhere = new HeardSink()
    scene.pool.endpoint(other).open(request(), elsewhere)
    await scene.settle()

    expect(servers[0]?.heard).toEqual(['hello', 'request 1'])
    expect(elsewhere.heard).toEqual(['broken, not sent'])
  })

  it('takes the time that a call has waited from the time that is left to it', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw(false)

    scene.call({ timeoutMs: 1000 })
    await scene.clock.advance(400)
    servers[0]?.send(hello)
    await scene.settle()

    expect(servers[0]?.received[1]).toMatchObject({ timeoutMs: 600 })
  })

  it('never sends a call that was cancelled while it waited', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const first = scene.call()
    scene.call()

    first.call.cancel()
    await scene.settle()

    expect(servers[0]?.heard).toEqual(['hello', 'request 1'])
    expect(first.sink.heard).toEqual([])
  })

  it('cancels a call that it has sent for a caller who waited', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { call } = scene.call()
    await scene.settle()

    call.cancel()
    await scene.settle()

    expect(servers[0]?.heard).toEqual(['hello', 'request 1', 'cancel 1'])
  })

  it('keeps the last credit of a call that waits', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { call } = scene.call({ credit: 1 })

    call.credit(0, 2)
    call.credit(0, 3)
    await scene.settle()

    expect(servers[0]?.received.slice(2)).toEqual([{ kind: 'credit', call: 1, received: 0, credit: 3 }])
  })

  it('breaks waiting calls as not sent when nobody listens', async () => {
    await using scene = new Scene()
    const { sink } = scene.call()

    await scene.settle()

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(sink.reason).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'not-started' })
  })

  it('gives up a peer that does not answer within the connect timeout', async () => {
    await using scene = new Scene({ connectTimeoutMs: 700 })
    await scene.listenRaw()
    scene.network.partition('client', 'server')
    const { sink } = scene.call()

    await scene.clock.advance(699)
    expect(sink.heard).toEqual([])
    await scene.clock.advance(1)

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(sink.reason?.message).toContain('it did not answer within 700 ms')
  })

  it('gives up a peer that connects but says nothing', async () => {
    await using scene = new Scene({ connectTimeoutMs: 700 })
    const servers = await scene.listenRaw(false)
    const { sink } = scene.call()

    await scene.clock.advance(700)

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(servers[0]?.isClosed).toBe(true)
  })

  it('says clearly that a peer speaks another protocol', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw(false)
    const { sink } = scene.call()
    await scene.settle()

    servers[0]?.send(helloOfVersion2)
    await scene.settle()

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(sink.reason).toMatchObject({ code: 'CONFIG' })
  })

  it('refuses calls at once while it rests after a failure, then tries again', async () => {
    await using scene = new Scene()
    scene.call()
    await scene.settle()
    const servers = await scene.listenRaw()

    const early = scene.call()
    await scene.settle()
    expect(early.sink.heard).toEqual(['broken, not sent'])
    expect(servers).toHaveLength(0)

    await scene.clock.advance(50)
    const late = scene.call()
    await scene.settle()
    expect(late.sink.heard).toEqual([])
    expect(servers[0]?.heard).toEqual(['hello', 'request 1'])
  })

  it('rests longer after each failure, up to 2 s, and never for the same time', async () => {
    await using scene = new Scene()
    const pauses: number[] = []

    for (let failure = 0; failure < 9; failure += 1) {
      scene.call()
      await scene.settle()
      pauses.push(scene.clock.pendingTimers()[0]!)
      await scene.clock.advance(pauses.at(-1)!)
    }

    const longest = [50, 100, 200, 400, 800, 1600, 2000, 2000, 2000]
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(longest[index]! / 2)
      expect(pause).toBeLessThanOrEqual(longest[index]!)
    }
    expect(new Set(pauses.slice(6)).size).toBe(3)
  })

  it('forgets its failures once it is connected', async () => {
    await using scene = new Scene()
    for (let failure = 0; failure < 5; failure += 1) {
      scene.call()
      await scene.settle()
      await scene.clock.advance('2s')
    }
    const servers = await scene.listenRaw()
    scene.call()
    await scene.settle()
    await scene.server[Symbol.asyncDispose]()
    await scene.settle()

    scene.call()
    await scene.settle()

    expect(servers).toHaveLength(1)
    expect(scene.clock.pendingTimers()[0]).toBeLessThanOrEqual(50)
  })

  it('refuses more calls than may wait', async () => {
    await using scene = new Scene({ maxQueued: 2 })
    const servers = await scene.listenRaw(false)

    const calls = [scene.call(), scene.call(), scene.call()]
    await scene.settle()

    expect(calls.map(({ sink }) => sink.heard)).toEqual([[], [], ['broken, not sent']])
    expect(servers[0]?.heard).toEqual(['hello'])
  })

  it('breaks open calls when the line breaks, and connects again for the next one', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { sink } = scene.call()
    await scene.settle()

    scene.network.breakLines('server')
    await scene.settle()
    expect(sink.heard).toEqual(['broken, sent'])

    scene.call()
    await scene.settle()
    expect(servers.map(({ heard }) => heard)).toEqual([
      ['hello', 'request 1'],
      ['hello', 'request 1'],
    ])
  })

  it('connects again at once for a caller who retries as soon as the line breaks', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const again = new HeardSink()
    const { sink } = scene.call()
    sink.broken = () => scene.pool.endpoint(serverAddress).open(request(), again)
    await scene.settle()

    scene.network.breakLines('server')
    await scene.settle()

    expect(again.heard).toEqual([])
    expect(servers[1]?.heard).toEqual(['hello', 'request 1'])
  })

  it('closes a line that is not used for a while', async () => {
    await using scene = new Scene({ idleMs: 1000 })
    const servers = await scene.listenRaw()
    scene.call()
    await scene.settle()
    servers[0]?.send({ kind: 'reply', call: 1, exit: Uint8Array.of(1) })

    await scene.clock.advance('2s')

    expect(servers[0]?.isClosed).toBe(true)
    expect(scene.clock.pendingTimers()).toEqual([])
  })

  it('keeps a line that is used, or on which somebody waits', async () => {
    await using scene = new Scene({ idleMs: 1000 })
    const servers = await scene.listenRaw()
    scene.call()
    await scene.settle()

    await scene.clock.advance('1 hour')

    expect(servers[0]?.isClosed).toBe(false)
    expect(servers).toHaveLength(1)
  })

  it('hears the last answers of a runner that is forgotten', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { sink } = scene.call()
    await scene.settle()

    scene.pool.forget(serverAddress)
    servers[0]?.send({ kind: 'reply', call: 1, exit: Uint8Array.of(7) })
    servers[0]?.connection.close()
    await scene.settle()

    expect(sink.heard).toEqual(['reply 7'])
    expect(scene.clock.pendingTimers()).toEqual([])
  })

  it('breaks the calls of a runner that is forgotten and does not answer in time', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { sink } = scene.call()
    await scene.settle()

    scene.pool.forget(serverAddress)
    await scene.clock.advance('1.9s')
    expect(sink.heard).toEqual([])
    await scene.clock.advance('100ms')

    expect(sink.heard).toEqual(['broken, sent'])
    expect(sink.reason?.message).toContain('it has left the cluster')
    expect(servers.map(({ isClosed }) => isClosed)).toEqual([true])
  })

  it('connects anew to the address of a runner that is forgotten when asked again', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    scene.call()
    await scene.settle()

    scene.pool.forget(serverAddress)
    scene.call()
    await scene.clock.advance('2s')

    expect(servers.map(({ isClosed }) => isClosed)).toEqual([true, false])
  })

  it('breaks the waiting calls of a runner that is forgotten as not sent, and drops a late connection', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { sink } = scene.call()

    scene.pool.forget(serverAddress)
    await scene.settle()

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(servers.every(({ isClosed }) => isClosed)).toBe(true)
    expect(scene.clock.pendingTimers()).toEqual([])
  })

  it('refuses calls through an endpoint of a runner that was forgotten', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const kept = scene.pool.endpoint(serverAddress)
    scene.pool.forget(serverAddress)

    const sink = new HeardSink()
    kept.open(request(), sink)
    await scene.settle()

    expect(sink.heard).toEqual(['broken, not sent'])
    expect(servers).toEqual([])
  })

  it('breaks every call, closes every line and leaves no timer when it is disposed', async () => {
    await using scene = new Scene()
    const servers = await scene.listenRaw()
    const { sink } = scene.call()
    await scene.settle()

    await scene.pool[Symbol.asyncDispose]()
    const late = scene.call()
    await scene.settle()

    expect(sink.heard).toEqual(['broken, sent'])
    expect(late.sink.heard).toEqual(['broken, not sent'])
    expect(servers.map(({ isClosed }) => isClosed)).toEqual([true])
    expect(scene.clock.pendingTimers()).toEqual([])
  })
})
