import { encode } from '@msgpack/msgpack'

const lengthBytes = 4

/** MessagePack behind its length in bytes. */
export function frameOf(value: unknown): Buffer {
  const body = encode(value)
  const frame = Buffer.allocUnsafe(lengthBytes + body.length)
  frame.writeUInt32BE(body.length)
  frame.set(body, lengthBytes)
  return frame
}

/** Cuts what comes from a socket into the bodies of frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  read(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const bodies: Buffer[] = []
    let at = 0
    while (at + lengthBytes <= bytes.length) {
      const end = at + lengthBytes + bytes.readUInt32BE(at)
      if (end > bytes.length) break
      bodies.push(bytes.subarray(at + lengthBytes, end))
      at = end
    }
    this.#rest = bytes.subarray(at)
    return bodies
  }
}
