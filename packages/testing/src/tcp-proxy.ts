import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** Where a proxy leads to, or where it listens. */
export interface TcpAddress {
  readonly host: string
  readonly port: number
}

interface Line {
  readonly near: Socket
  readonly far: Socket
}

/** Stands between two processes on this machine and can do to their connections what networks do. */
export class TcpProxy implements AsyncDisposable, TcpAddress {
  readonly host = '127.0.0.1'
  readonly port: number
  readonly #target: TcpAddress
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #lines = new Set<Line>()
  #isSilent = false

  private constructor(server: Server, port: number, target: TcpAddress) {
    this.#server = server
    this.port = port
    this.#target = target
    server.on('connection', (socket) => this.#accept(socket))
  }

  /** Listens on a free port and leads to the target. */
  static async start(target: TcpAddress): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP
    return new TcpProxy(server, (server.address() as AddressInfo).port, target)
  }

  /** How many connections are open on the near side. */
  get openLines(): number {
    return this.#lines.size
  }

  /** Ends all connections; both sides notice at once. New ones can be made. */
  breakLines(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** From now on nothing passes, on new connections either, and nobody is told. */
  silence(): void {
    this.#isSilent = true
    for (const { near, far } of this.#lines) {
      near.unpipe(far).pause()
      far.unpipe(near).pause()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.breakLines()
    await once(this.#server, 'close')
  }

  #accept(near: Socket): void {
    this.#keep(near)
    if (this.#isSilent) return
    const far = connect(this.#target)
    this.#keep(far)
    const line = { near, far }
    this.#lines.add(line)
    near.once('close', () => this.#lines.delete(line))
    near.pipe(far)
    far.pipe(near)
    this.#endTogether(near, far)
    this.#endTogether(far, near)
  }

  #keep(socket: Socket): void {
    socket.setNoDelay()
    this.#sockets.add(socket)
    // An error is followed by the end; whoever is on the other side sees that.
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #endTogether(socket: Socket, other: Socket): void {
    socket.once('close', () => {
      if (!this.#isSilent) other.destroy()
    })
  }
}
