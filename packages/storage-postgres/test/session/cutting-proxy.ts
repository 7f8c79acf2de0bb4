import type { Socket } from 'node:net'
import { startProxy } from '../proxy.ts'

/** Stands between a client and PostgreSQL, and can cut all lines. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string
  /** Cuts every line at the next answer of the server that comes behind a request with `text`: it was done, nobody hears. */
  cutBehind(text: string): void
  /** Cuts every line now. */
  cut(): void
}

export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let waitsFor: string | undefined
  let isArmed = false
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const { url, close } = await startProxy(target, ({ client, upstream }) => {
    for (const socket of [client, upstream]) {
      sockets.add(socket)
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
    upstream.on('close', () => client.destroy())
  })
  return {
    url,
    cut,
    cutBehind: (text) => (waitsFor = text),
    async [Symbol.asyncDispose]() {
      cut()
      close()
    },
  }
}
