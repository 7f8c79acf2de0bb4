import { instanceId, runnerAddress } from '@cruster/core'
import { MemoryLogger, MemoryNetwork, MemoryTransport, VirtualClock } from '@cruster/core/memory'
import type { Connection, Frame, Hello } from '@cruster/core/ports'

/** The frames of one side of a connection, and what arrives there. */
export class RawSide {
  readonly received: Frame[] = []
  readonly batches: number[] = []
  readonly connection: Connection
  isClosed = false

  constructor(connection: Connection) {
    this.connection = connection
    void this.#read()
  }

  send(...frames: Frame[]): void {
    this.connection.send(frames)
  }

  /** Kinds and calls of what has arrived, such as `request 1`. */
  get heard(): string[] {
    return this.received.map((frame) => (frame.kind === 'hello' ? 'hello' : `${frame.kind} ${frame.call}`))
  }

  async #read(): Promise<void> {
    for await (const frames of this.connection.frames) {
      this.batches.push(frames.length)
      this.received.push(...frames)
    }
    this.isClosed = true
  }
}

export const serverAddress = runnerAddress('10.0.0.1:9000')

export const clientId = instanceId('client')
export const serverId = instanceId('server')

export const hello: Hello = { kind: 'hello', protocol: 1, instanceId: serverId }

/** A hello of some later version of Cruster. */
// The type says 1 because that is what this version speaks; another version is what these tests are about.
export const helloOfVersion2 = { ...hello, protocol: 2 } as unknown as Hello

/** A network with a node `client` and a node `server`. */
export class LineScene implements AsyncDisposable {
  readonly clock = new VirtualClock()
  readonly log = new MemoryLogger()
  readonly network = new MemoryNetwork({ clock: this.clock })
  readonly client = new MemoryTransport(this.network, 'client')
  readonly server = new MemoryTransport(this.network, 'server')

  /** A server that the test plays frame by frame: one entry for each connection, oldest first. */
  async listenRaw(greet = true): Promise<RawSide[]> {
    const sides: RawSide[] = []
    await this.server.listen(serverAddress, (connection) => {
      const side = new RawSide(connection)
      if (greet) side.send(hello)
      sides.push(side)
    })
    return sides
  }

  /** A client that the test plays frame by frame. */
  async connectRaw(): Promise<RawSide> {
    return new RawSide(await this.client.connect(serverAddress, new AbortController().signal))
  }

  async settle(): Promise<void> {
    await this.clock.runUntilIdle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
  }
}
