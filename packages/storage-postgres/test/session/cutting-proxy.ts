import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and PostgreSQL, and can cut all lines. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string
  /** Cuts every line at the next answer of the server that comes behind a request with `text`: it was done, nobody hears. */
  cutBehind(text: string): void
  /** Cuts every line now. */
  cut(): void
}

export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let waitsFor: string | undefined
  let isArmed = false
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('data', (data) => {
      if (waitsFor !== undefined && data.includes(waitsFor)) {
        isArmed = true
        waitsFor = undefined
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!isArmed) return client.write(data)
      isArmed = false
      return cut()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(target)
  url.port = String(typeof address === 'object' ? address?.port : '')
  return {
    url: url.href,
    cut,
    cutBehind: (text) => (waitsFor = text),
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
    },
  }
}
