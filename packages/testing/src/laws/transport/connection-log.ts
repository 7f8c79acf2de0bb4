import type { Connection, Frame } from '@cruster/core/ports'

/** Writes down what arrives on a connection, and how it ends. */
export class ConnectionLog {
  readonly connection: Connection
  readonly frames: Frame[] = []
  /** Whether `frames` of the connection has ended. */
  hasEnded = false
  /** Set once `closed` has resolved: with what. */
  closed: { readonly reason: Error | undefined } | undefined

  constructor(connection: Connection) {
    this.connection = connection
    void this.#read()
    void connection.closed.then((reason) => (this.closed = { reason }))
  }

  /** Both ways of telling that the connection is over have told it. */
  get isOver(): boolean {
    return this.hasEnded && this.closed !== undefined
  }

  /** Call ids of the frames, for laws that number their frames by them. */
  get calls(): readonly (number | undefined)[] {
    return this.frames.map((frame) => ('call' in frame ? frame.call : undefined))
  }

  async #read(): Promise<void> {
    for await (const batch of this.connection.frames) this.frames.push(...batch)
    this.hasEnded = true
  }
}
