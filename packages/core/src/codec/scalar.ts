/**
 * Values of a few bytes, which calls have most: the same bytes as MessagePack gives, without its encoder and decoder, which
 * take a view on bytes for each and so ten times as long.
 */

/** Says that bytes hold something else. */
export const notScalar = Symbol('not a scalar')

const nil = 0xc0
const no = 0xc2
const yes = 0xc3
const extension = 0xc7
const unsigned8 = 0xcc
const unsigned16 = 0xcd
const unsigned32 = 0xce
const largestFixed = 0x7f

/** How many bytes a value takes; 0 when it is for the encoder. */
export function scalarLength(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return numberLength(value)
    case 'undefined':
      return 3
    case 'boolean':
      return 1
    default:
      return value === null ? 1 : 0
  }
}

/** Whole numbers from 0 on, of at most 32 bits. */
function numberLength(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) return 0
  if (value <= largestFixed) return 1
  if (value <= 0xff) return 2
  return value <= 0xffff ? 3 : 5
}

/** Writes a value that has a {@link scalarLength}. */
export function writeScalar(value: unknown, bytes: Uint8Array, at: number): void {
  if (typeof value === 'number') writeNumber(value, bytes, at)
  else if (value === undefined) bytes[at] = extension
  else if (value === null) bytes[at] = nil
  else bytes[at] = value === true ? yes : no
}

function writeNumber(value: number, bytes: Uint8Array, at: number): void {
  const length = numberLength(value)
  if (length === 1) {
    bytes[at] = value
    return
  }
  bytes[at] = length === 2 ? unsigned8 : length === 3 ? unsigned16 : unsigned32
  for (let index = length - 1, rest = value; index > 0; index -= 1) {
    bytes[at + index] = rest & 0xff
    rest = rest >>> 8
  }
}

/** The value in these bytes from a position to their end, if it is one of those that {@link writeScalar} writes. */
export function readScalar(bytes: Uint8Array, from: number): unknown {
  const first = bytes[from] ?? nil
  switch (bytes.length - from) {
    case 1:
      return readByte(first)
    case 2:
      return first === unsigned8 ? bytes[from + 1] : notScalar
    case 3:
      return readThree(bytes, from)
    case 5:
      return first === unsigned32 ? readUnsigned(bytes, from + 1) : notScalar
    default:
      return notScalar
  }
}

function readByte(byte: number): unknown {
  if (byte <= largestFixed) return byte
  if (byte === nil) return null
  return byte === yes || byte === no ? byte === yes : notScalar
}

function readThree(bytes: Uint8Array, from: number): unknown {
  if (bytes[from] === unsigned16) return readUnsigned(bytes, from + 1)
  return bytes[from] === extension && bytes[from + 1] === 0 && bytes[from + 2] === 0 ? undefined : notScalar
}

/** Big end first, to the end of the bytes. */
function readUnsigned(bytes: Uint8Array, from: number): number {
  let value = 0
  for (let index = from; index < bytes.length; index += 1) value = value * 256 + (bytes[index] ?? 0)
  return value
}
