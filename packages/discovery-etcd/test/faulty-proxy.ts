import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** Stands between a client and etcd, and does to their connections what networks do. */
export class FaultyProxy implements AsyncDisposable {
  readonly endpoint: string
  readonly #server: Server
  readonly #target: URL
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #dropsAnswers = false

  private constructor(server: Server, port: number, target: URL) {
    this.#server = server
    this.#target = target
    this.endpoint = `http://127.0.0.1:${port}`
    server.on('connection', (near) => this.#accept(near))
  }

  static async start(endpoint: string): Promise<FaultyProxy> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return new FaultyProxy(server, typeof address === 'object' ? (address?.port ?? 0) : 0, new URL(endpoint))
  }

  /** Breaks all connections and refuses new ones. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Requests still pass, but nothing comes back. */
  dropAnswers(): void {
    this.#dropsAnswers = true
  }

  /** From now on everything passes. Connections that lost something are broken. */
  heal(): void {
    if (this.#dropsAnswers) for (const socket of this.#sockets) socket.destroy()
    this.#dropsAnswers = false
    this.#isCut = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #accept(near: Socket): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = connect(Number(this.#target.port), this.#target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (data) => (from === far && this.#dropsAnswers ? undefined : to.write(data)))
      from.on('error', () => {})
      from.once('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }
}
