import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { TcpPump } from './tcp-pump.ts'

/** Where a proxy leads to, or where it listens. */
export interface TcpAddress {
  readonly host: string
  readonly port: number
}

/** `out`: what the near side, which connected, sends. `in`: what the target sends. */
export type TcpDirection = 'out' | 'in'

interface Line {
  readonly near: Socket
  readonly far: Socket
  readonly out: TcpPump
  readonly in: TcpPump
}

const bothWays: readonly TcpDirection[] = ['out', 'in']

/** Stands between two processes on this machine and can do to their connections what networks do. */
export class TcpProxy implements AsyncDisposable, TcpAddress {
  readonly host = '127.0.0.1'
  readonly port: number
  #target: TcpAddress
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #lines = new Set<Line>()
  /** Connections that were made while nothing passed, and lead nowhere yet. */
  readonly #waiting = new Set<Socket>()
  #silent: readonly TcpDirection[] = []
  #delayMs = 0

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
    return [...this.#lines].filter(({ near }) => !near.destroyed).length
  }

  /** From now on new connections lead there. */
  leadTo(target: TcpAddress): void {
    this.#target = target
  }

  /** Ends all connections; both sides notice at once. New ones can be made. */
  breakLines(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /**
   * From now on nothing passes, on new connections either, and nobody is told. With one direction the other goes on, as on
   * a connection of which one side has lost its way.
   */
  silence(...directions: readonly TcpDirection[]): void {
    this.#silent = directions.length === 0 ? bothWays : directions
    this.#applyToAll()
  }

  /** From now on everything takes so much longer, each way. */
  delay(ms: number): void {
    this.#delayMs = ms
    this.#applyToAll()
  }

  /** Everything passes again, at full speed; first what was held back. */
  heal(): void {
    this.#silent = []
    this.#delayMs = 0
    this.#applyToAll()
    for (const socket of this.#waiting) this.#connect(socket)
    this.#waiting.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.breakLines()
    await once(this.#server, 'close')
  }

  #accept(near: Socket): void {
    this.#keep(near)
    if (this.#silent.includes('out')) this.#waiting.add(near)
    else this.#connect(near)
  }

  #connect(near: Socket): void {
    const far = connect(this.#target)
    this.#keep(far)
    const line = { near, far, out: new TcpPump(near, far), in: new TcpPump(far, near) }
    this.#lines.add(line)
    // One side may learn of the end of the other when nothing is silent any more.
    far.once('close', () => this.#lines.delete(line))
    this.#applyTo(line)
  }

  #keep(socket: Socket): void {
    socket.setNoDelay()
    this.#sockets.add(socket)
    // An error is followed by the end; whoever is on the other side sees that.
    socket.on('error', () => {})
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#waiting.delete(socket)
    })
  }

  #applyToAll(): void {
    for (const line of this.#lines) this.#applyTo(line)
  }

  #applyTo(line: Line): void {
    for (const direction of bothWays) {
      line[direction].delayMs = this.#delayMs
      line[direction].isHeld = this.#silent.includes(direction)
    }
  }
}
