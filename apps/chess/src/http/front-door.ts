import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Health } from '../chess-runtime.ts'
import { ApiError, errorBody } from './api-error.ts'
import type { OpenFeed } from './feeds.ts'
import { listen } from './listen.ts'
import { WebSockets, refuseUpgrade } from './web-sockets.ts'

/** What is behind the door once it is open. */
export interface Rooms {
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly feed: OpenFeed
  readonly health: () => Health
}

export interface FrontDoorOptions {
  readonly host: string
  readonly port: number
  readonly onDefect: (error: unknown, request: string) => void
}

/** How long requests in flight may take to end when the server stops. */
const lastRequestsMs = 5000
const sweepMs = 20

/**
 * The HTTP server. It listens before the application is ready and while it stops; then it answers 503, and /health and
 * /readyz say which. /healthz says whether this process goes on at all. States: `starting` → `ready` → `stopping`.
 */
export class FrontDoor implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets: WebSockets
  #rooms: Rooms | 'starting' | 'stopping' = 'starting'

  private constructor(onDefect: FrontDoorOptions['onDefect']) {
    const listener = getRequestListener((request) => this.#serve(request))
    this.#server = createServer((request, response) => void listener(request, response))
    this.#sockets = new WebSockets(onDefect)
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** @throws ListenError when the port cannot be had. */
  static async listen({ host, port, onDefect }: FrontDoorOptions): Promise<FrontDoor> {
    const door = new FrontDoor(onDefect)
    await listen(door.#server, { host, port })
    return door
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new RangeError('The server does not listen on TCP.')
    return address.port
  }

  open(rooms: Rooms): void {
    this.#rooms = rooms
  }

  /** Turns newcomers away, lets those inside finish. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#rooms = 'stopping'
    await this.#sockets.close()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    // A connection whose last request is answered would else be kept open for a next one.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), sweepMs)
    const patience = setTimeout(() => this.#server.closeAllConnections(), lastRequestsMs)
    await closed
    clearInterval(sweep)
    clearTimeout(patience)
  }

  #serve(request: Request): Response | Promise<Response> {
    const rooms = this.#rooms
    const { pathname } = new URL(request.url)
    const probe = probes[pathname]
    if (typeof rooms !== 'string') return probe === undefined ? rooms.fetch(request) : told(rooms.health(), probe)
    // What starts and stops is alive: it answers.
    if (probe === 'isAlive') return Response.json({ status: rooms })
    return unavailable(probe === undefined ? errorBody(notReady(rooms).answer) : { status: rooms })
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const rooms = this.#rooms
    if (typeof rooms === 'string') refuseUpgrade(socket, notReady(rooms))
    else void this.#sockets.upgrade(request, socket, { head, feed: rooms.feed })
  }
}

/** What is asked for at which path. */
const probes: Readonly<Record<string, 'isAlive' | 'isReady'>> = {
  '/health': 'isReady',
  '/readyz': 'isReady',
  '/healthz': 'isAlive',
}

function told(health: Health, probe: 'isAlive' | 'isReady'): Response {
  return health[probe] ? Response.json({ status: 'ok' }) : unavailable({ status: 'failing', problems: health.problems })
}

function unavailable(body: object): Response {
  return Response.json(body, { status: 503, headers: { 'retry-after': '1' } })
}

function notReady(phase: 'starting' | 'stopping'): ApiError {
  return new ApiError(503, 'UNAVAILABLE', `The server is ${phase}: try again in a moment.`)
}
