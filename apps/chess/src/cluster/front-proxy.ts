import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { listen } from '../http/listen.ts'
import type { Backends } from './backends.ts'
import { forwardRequest } from './forward-request.ts'
import { forwardUpgrade } from './forward-upgrade.ts'

/** One address for several processes. It stands for the load balancer that a real cluster has, and fits one machine. */
export class FrontProxy implements AsyncDisposable {
  readonly url: string
  readonly #server: Server
  readonly #upgraded: ReadonlySet<Duplex>

  private constructor(url: string, server: Server, upgraded: ReadonlySet<Duplex>) {
    this.url = url
    this.#server = server
    this.#upgraded = upgraded
  }

  /** @throws ListenError when the port cannot be had. */
  static async listen(place: { host: string; port: number }, backends: Backends): Promise<FrontProxy> {
    const upgraded = new Set<Duplex>()
    const server = createServer((request, response) => {
      forwardRequest(request, response, backends).catch(() => response.destroy())
    })
    server.on('upgrade', (request, socket, head) => {
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      void forwardUpgrade(request, { socket, head }, backends)
    })
    await listen(server, place)
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : place.port
    return new FrontProxy(`http://${place.host}:${port}`, server, upgraded)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    for (const socket of this.#upgraded) socket.destroy()
    await closed
  }
}
