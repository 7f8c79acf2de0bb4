import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { Backends } from '../../src/cluster/backends.ts'
import { FrontProxy } from '../../src/cluster/front-proxy.ts'
import { ChessApiClient } from '../chess-api-client.ts'

let backends: Backends
let proxy: FrontProxy
const servers: Server[] = []

beforeEach(async () => {
  backends = new Backends(() => performance.now())
  proxy = await FrontProxy.listen({ host: '127.0.0.1', port: 0 }, backends)
})

afterEach(async () => {
  await proxy[Symbol.asyncDispose]()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function backend(name: string, listener: RequestListener): Promise<{ server: Server; asked: number }> {
  const seen = { server: createServer(), asked: 0 }
  seen.server.on('request', (request, response) => {
    seen.asked += 1
    listener(request, response)
  })
  servers.push(seen.server)
  await new Promise<void>((resolve) => seen.server.listen(0, '127.0.0.1', resolve))
  backends.add({ name, url: `http://127.0.0.1:${(seen.server.address() as AddressInfo).port}` })
  return seen
}

const answers =
  (text: string): RequestListener =>
  async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    response.setHeader('x-said', text)
    response.end(`${text} ${request.method} ${request.url} ${body}`.trim())
  }
const dies: RequestListener = (request) => request.socket.destroy()
const starts: RequestListener = (_, response) => response.writeHead(503, { 'retry-after': '1' }).end()

const post = (headers: Record<string, string> = {}) =>
  fetch(`${proxy.url}/x?y=1`, { method: 'POST', body: 'hello', headers })

describe('the one address of several processes', () => {
  it('passes requests and answers on, to one process after the other', async () => {
    await backend('a', answers('a'))
    await backend('b', answers('b'))
    const first = await post()

    expect(first.headers.get('x-said')).toBe('a')
    expect(await first.text()).toBe('a POST /x?y=1 hello')
    expect(await (await post()).text()).toBe('b POST /x?y=1 hello')
  })

  it('passes over a process that is gone, or says that it is not ready', async () => {
    const gone = await backend('a', answers('a'))
    await new Promise((resolve) => gone.server.close(resolve))
    await backend('b', starts)
    await backend('c', answers('c'))

    expect(await (await post()).text()).toBe('c POST /x?y=1 hello')
  })

  it('repeats what may be repeated when a process dies in the middle', async () => {
    const dying = await backend('a', dies)
    await backend('b', answers('b'))

    expect(await (await post({ 'idempotency-key': 'k' })).text()).toBe('b POST /x?y=1 hello')
    expect(await (await fetch(`${proxy.url}/x`)).text()).toBe('b GET /x')
    expect(dying.asked).toBeGreaterThan(0)
  })

  it('does not repeat what may have been done', async () => {
    await backend('a', dies)
    const other = await backend('b', answers('b'))
    const answer = await post()

    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      error: { code: 'UNAVAILABLE', message: 'The server died, and may have done it or not.' },
    })
    expect(other.asked).toBe(0)
  })

  it('waits for a process to come', async () => {
    const answer = post()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await backend('a', answers('a'))

    expect(await (await answer).text()).toBe('a POST /x?y=1 hello')
  })

  it('joins WebSockets to a process, and closes them when that dies', async () => {
    const gone = await backend('a', answers('a'))
    await new Promise((resolve) => gone.server.close(resolve))
    const { server } = await backend('b', answers('b'))
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.send('{"type":"hello"}'))
    using listener = await new ChessApiClient(proxy.url).listen('/anything')
    await listener.until('hello')

    for (const socket of sockets.clients) socket.terminate()
    expect(await listener.closed()).toBe(1006)
  })
})
