import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { errorBody } from './api-error.ts'
import { errorAnswer } from './error-answer.ts'
import { closeCodes, pump } from './feed-socket.ts'
import type { OpenFeed } from './feeds.ts'

/** How often a silent peer is asked whether it is still there. Two silences in a row end the connection. */
const pingEveryMs = 30_000

/** How long a peer may take to say goodbye. */
const goodbyeMs = 2000

type OnDefect = (error: unknown, request: string) => void

/** Serves feeds over WebSockets. Nothing that clients send is read. */
export class WebSockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024 })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #pings: NodeJS.Timeout
  readonly #onDefect: OnDefect

  constructor(onDefect: OnDefect) {
    this.#onDefect = onDefect
    this.#pings = setInterval(() => this.#ping(), pingEveryMs)
    this.#pings.unref()
  }

  /** Takes an upgrade request: opens its feed first, so that a request for nothing is answered in plain HTTP. */
  async upgrade(request: IncomingMessage, socket: Duplex, open: { head: Buffer; feed: OpenFeed }): Promise<void> {
    const aborter = new AbortController()
    const abort = (): void => aborter.abort()
    socket.once('close', abort)
    socket.on('error', abort)
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const onDefect = (error: unknown): void => this.#onDefect(error, `WebSocket ${pathname}`)
    try {
      const feed = await open.feed(pathname, aborter.signal)
      this.#server.handleUpgrade(request, socket, open.head, (webSocket) => {
        this.#greet(webSocket)
        void pump(webSocket, feed, onDefect)
      })
    } catch (error) {
      if (errorAnswer(error).status >= 500) onDefect(error)
      refuseUpgrade(socket, error)
    }
  }

  /** Tells everybody to come back later. Resolves when all have gone. */
  async close(): Promise<void> {
    clearInterval(this.#pings)
    const leaving = [...this.#server.clients].map((socket) => goodbye(socket))
    await Promise.all(leaving)
    this.#server.close()
  }

  #greet(socket: WebSocket): void {
    this.#alive.add(socket)
    socket.on('pong', () => this.#alive.add(socket))
    // `close` follows and ends the feed.
    socket.on('error', () => undefined)
  }

  #ping(): void {
    for (const socket of this.#server.clients) {
      if (!this.#alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }
}

/** Says over plain HTTP why there is no WebSocket. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const answer = errorAnswer(error)
  const body = JSON.stringify(errorBody(answer))
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

async function goodbye(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), goodbyeMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.close(closeCodes.goingAway, 'the server is going away')
  })
}
