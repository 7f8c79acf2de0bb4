import { CodecError } from '@cruster/core'
import type { Frame } from '@cruster/core/ports'
import { FrameBatch } from '../gen/cruster/v1/transport.ts'
import { fromWire } from './from-wire.ts'
import { toWire } from './to-wire.ts'

/** What one message of the stream says. */
export interface Received {
  readonly frames: readonly Frame[]
  /** The sender ends the line on purpose after these frames. */
  readonly closing: boolean
}

/**
 * Frames as bytes of a batch. Batches laid end to end are one batch: that is how protobuf reads repeated fields.
 *
 * 0.7 µs a frame of 200 bytes in batches of 64, 2 µs for one alone (Node 24).
 *
 * @throws CodecError when a number is not whole, or another value is not what its type says.
 */
export function encodeBatch(frames: readonly Frame[]): Uint8Array {
  try {
    return FrameBatch.encode({ frames: frames.map(toWire), closing: false }).finish()
  } catch (cause) {
    throw new CodecError('A frame cannot be written as protobuf. It was not sent.', { cause })
  }
}

/** The last thing said on a line that is closed on purpose. */
export const goodbye: Uint8Array = FrameBatch.encode({ frames: [], closing: true }).finish()

/**
 * The frames in a message. Their bytes are views on it, not copies.
 *
 * @throws CodecError when it is no batch, or holds a frame that this release does not know.
 */
export function decodeBatch(message: Uint8Array): Received {
  try {
    const { frames, closing } = FrameBatch.decode(plain(message))
    return { frames: frames.map(fromWire), closing }
  } catch (cause) {
    if (cause instanceof CodecError) throw cause
    throw new CodecError('A message of a peer is no batch of frames. Check that all runners run releases that fit.', {
      cause,
    })
  }
}

/** Without the methods of Node's Buffer, whose `slice` shares memory where that of other byte arrays copies. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
