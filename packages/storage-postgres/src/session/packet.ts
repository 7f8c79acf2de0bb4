import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { ByteWriter } from './byte-writer.ts'
import { SqlArray } from './sql-array.ts'

/** Workspaces that nobody uses; all connections share them. Larger ones are given to the garbage collector. */
const unused: Buffer[] = []
const workspaceSize = 65_536
const mostUnused = 8

const [bindCode, executeCode, syncCode] = [66, 69, 83]

/**
 * Messages for the server that are sent at once, written one after the other into memory that is used again: to make a buffer
 * for each message, and one of all, costs as much as to fill them.
 */
export class Packet {
  readonly #to = new ByteWriter(unused.pop() ?? Buffer.allocUnsafeSlow(workspaceSize))

  /** A message that was made elsewhere. */
  add(message: Uint8Array): void {
    this.#to.add(message)
  }

  /** Binds values to a prepared statement. Arrays and bytes as bytes, all else as text; all answers as text. */
  bind(statement: string, values: readonly (string | Buffer | SqlArray | null)[]): void {
    const to = this.#to
    to.byte(bindCode)
    const start = to.end
    to.int32(0)
    // The portal, which has no name.
    to.byte(0)
    to.text(statement)
    to.byte(0)
    to.int16(values.length)
    const formats = to.end
    for (let index = 0; index < values.length; index++) to.int16(0)
    to.int16(values.length)
    for (let index = 0; index < values.length; index++) {
      if (writeValue(to, values[index] ?? null)) to.patchInt16(formats + 2 * index, 1)
    }
    to.int16(0)
    to.patchInt32(start, to.end - start)
  }

  /** Executes what was bound, and takes all rows of it. */
  execute(): void {
    const to = this.#to
    to.byte(executeCode)
    to.int32(9)
    to.byte(0)
    to.int32(0)
  }

  sync(): void {
    this.#to.byte(syncCode)
    this.#to.int32(4)
  }

  /** Writes all to the connection. The packet must not be used any more. */
  sendTo(stream: Writable): void {
    // A stream that is not the socket itself may keep what it was given longer than it says.
    if (stream instanceof Socket) stream.write(this.#to.written, () => this.#free())
    else stream.write(this.#to.written)
  }

  #free(): void {
    const { workspace } = this.#to
    if (unused.length < mostUnused && workspace.length === workspaceSize) unused.push(workspace)
  }
}

/** Whether it was written as bytes. */
function writeValue(to: ByteWriter, value: string | Buffer | SqlArray | null): boolean {
  if (value === null) {
    to.int32(-1)
    return false
  }
  const at = to.end
  to.int32(0)
  const isBinary = writeContent(to, value)
  to.patchInt32(at, to.end - at - 4)
  return isBinary
}

function writeContent(to: ByteWriter, value: string | Buffer | SqlArray): boolean {
  if (typeof value === 'string') {
    to.text(value)
    return false
  }
  if (!(value instanceof SqlArray)) {
    to.add(value)
    return true
  }
  if (value.write(to)) return true
  to.text(value.toText())
  return false
}
