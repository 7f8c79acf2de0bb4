import { once } from 'node:events'
import { createServer, request as send } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'

/** What came of trying one node. */
type Attempt =
  | { readonly kind: 'answered'; readonly answer: IncomingMessage }
  /** Nothing was done there: another one can be asked. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'broken' }

/** One address for several nodes. Each request goes to the next one; a node that is not ready is left out. */
export class RoundRobinProxy implements AsyncDisposable {
  readonly url: string
  readonly #server: Server

  private constructor(url: string, server: Server) {
    this.url = url
    this.#server = server
  }

  /** @param nodes - the addresses of the nodes at this moment, without a slash at the end */
  static async listen(place: { host: string; port: number }, nodes: () => readonly string[]): Promise<RoundRobinProxy> {
    let turn = 0
    const server = createServer((request, response) => {
      const all = nodes()
      const first = all.length === 0 ? 0 : turn++ % all.length
      void forward(request, response, [...all.slice(first), ...all.slice(0, first)])
    })
    server.listen(place)
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : place.port
    return new RoundRobinProxy(`http://${place.host}:${port}`, server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

async function forward(request: IncomingMessage, response: ServerResponse, nodes: readonly string[]): Promise<void> {
  try {
    const body = await read(request)
    for (const node of nodes) {
      const attempt = await ask(node, request, body)
      if (attempt.kind === 'refused') continue
      if (attempt.kind === 'broken') return fail(response, 502, 'The node broke off; it is not known what it did.')
      response.writeHead(attempt.answer.statusCode ?? 502, endToEnd(attempt.answer))
      attempt.answer.pipe(response)
      return
    }
    fail(response, 503, 'No node is ready.')
  } catch {
    response.destroy()
  }
}

async function ask(node: string, request: IncomingMessage, body: Buffer): Promise<Attempt> {
  const headers: OutgoingHttpHeaders = { ...endToEnd(request), 'content-length': body.length }
  return new Promise((resolve) => {
    const attempt = send(`${node}${request.url ?? '/'}`, { method: request.method ?? 'GET', headers, agent: false })
    let isConnected = false
    attempt.on('socket', (socket) => socket.once('connect', () => (isConnected = true)))
    attempt.on('error', () => resolve({ kind: isConnected ? 'broken' : 'refused' }))
    attempt.on('response', (answer) => {
      // A node that starts or stops has done nothing.
      if (answer.statusCode !== 503) return resolve({ kind: 'answered', answer })
      answer.resume()
      resolve({ kind: 'refused' })
    })
    attempt.end(body)
  })
}

/** What is about the message, not about the connection that it came on. */
function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers
  return rest
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

function fail(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error }))
}
