import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'

/** Serves what the application answers. */
export type Serve = (request: Request) => Response | Promise<Response>

/** How long requests in flight may take to end when the server stops. */
const lastRequestsMs = 3000

/** Listens before the application is ready and while it stops; then every request is answered 503. */
export class HttpServer implements AsyncDisposable {
  readonly #server: Server
  #serve: Serve | undefined

  private constructor() {
    const listener = getRequestListener((request) => this.#answer(request))
    this.#server = createServer((request, response) => void listener(request, response))
  }

  /** @throws the error of `listen` when the port cannot be had. */
  static async listen(place: { readonly host: string; readonly port: number }): Promise<HttpServer> {
    const server = new HttpServer()
    server.#server.listen(place)
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new RangeError('The server does not listen on TCP.')
    return address.port
  }

  /** The application serves from now on. */
  open(serve: Serve): void {
    this.#serve = serve
  }

  /** Takes no new requests; those that are under way go on. */
  close(): void {
    this.#serve = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeIdleConnections()
    const timer = setTimeout(() => this.#server.closeAllConnections(), lastRequestsMs)
    await closed
    clearTimeout(timer)
  }

  async #answer(request: Request): Promise<Response> {
    if (this.#serve === undefined) return Response.json({ error: 'This node is not ready.' }, { status: 503 })
    if (request.method === 'GET' && new URL(request.url).pathname === '/health') return Response.json({ status: 'ok' })
    return this.#serve(request)
  }
}
