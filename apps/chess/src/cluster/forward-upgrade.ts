import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ApiError } from '../http/api-error.ts'
import { refuseUpgrade } from '../http/web-sockets.ts'
import type { Backend, Backends } from './backends.ts'

/**
 * Joins a WebSocket to the first process that can be reached. When that process dies the socket is closed, and whoever has
 * it connects again: what it listens to is a stream of an entity, which any process can open.
 */
export async function forwardUpgrade(
  request: IncomingMessage,
  client: { readonly socket: Duplex; readonly head: Buffer },
  backends: Backends,
): Promise<void> {
  const { socket, head } = client
  // It may be gone before anybody could be reached.
  socket.on('error', () => socket.destroy())
  for (const backend of backends.inTurn()) {
    const server = await reach(backend)
    if (server === undefined) {
      backends.suspect(backend)
      continue
    }
    server.write(headOf(request))
    server.write(head)
    join(socket, server)
    return
  }
  refuseUpgrade(socket, new ApiError(503, 'UNAVAILABLE', 'No server is ready: try again in a moment.'))
}

function reach({ url }: Backend): Promise<Socket | undefined> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

/** The request as it came, header by header. */
function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

function join(client: Duplex, server: Socket): void {
  client.pipe(server)
  server.pipe(client)
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}
