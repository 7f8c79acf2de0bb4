import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** One line between a client and PostgreSQL: what comes from either is passed on by who looks at it. */
export interface ProxiedLine {
  readonly client: Socket
  readonly upstream: Socket
}

/** Listens in place of PostgreSQL, under a URL of its own. Errors of sockets are nobody's business. */
export async function startProxy(target: string, onLine: (line: ProxiedLine) => void) {
  const { hostname, port } = new URL(target)
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    client.on('close', () => upstream.destroy())
    onLine({ client, upstream })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(target)
  url.port = String(typeof address === 'object' ? address?.port : '')
  return { url: url.href, close: () => void server.close() }
}
