import { Decoder, Encoder } from '@msgpack/msgpack'
import { causeText } from '../error/cause-text.ts'
import { CodecError } from '../error/codec-error.ts'
import { Unencodable, encodable, hasSortedKeys, maxDepth } from './encodable.ts'
import { explainUnencodable } from './explain-unencodable.ts'
import type { Inner } from './extensions.ts'
import { Extensions } from './extensions.ts'
import { PlainReader, notPlain } from './plain-reader.ts'
import { PlainWriter } from './plain-writer.ts'
import { privateCopy } from './private-copy.ts'
import { notScalar, readScalar, scalarLength, writeScalar } from './scalar.ts'

/**
 * First byte of encoded values. The rest is one MessagePack value; what MessagePack lacks are extension types, see
 * extensions.ts. Values are stored: any change takes a new version, and old ones stay readable.
 */
const formatVersion = 1

/** A name, or a function for one that costs something and is mostly not needed. */
type Name = string | (() => string)

class Coders implements Inner {
  readonly encoder: Encoder<Inner>
  readonly decoder: Decoder<Inner>
  readonly writer: PlainWriter
  readonly reader = new PlainReader()

  constructor(sortKeys: boolean) {
    const options = { extensionCodec: new Extensions(), context: this }
    this.writer = new PlainWriter(sortKeys)
    this.encoder = new Encoder({ ...options, sortKeys, maxDepth: 2 * maxDepth })
    this.decoder = new Decoder({ ...options, mapKeyConverter: fieldName })
  }
}

function fieldName(key: unknown): string {
  if (typeof key === 'string') return key
  throw new CodecError('An encoded value is damaged: a key is not a string.')
}

/** Made when they are first needed: importing has no effect. */
const made: { plain?: Coders; canonical?: Coders } = {}

function plain(): Coders {
  made.plain ??= new Coders(false)
  return made.plain
}

function canonical(): Coders {
  made.canonical ??= new Coders(true)
  return made.canonical
}

/**
 * Turns a value into bytes.
 *
 * Data survives as it is: null, undefined, booleans, numbers, bigints, strings, dates, bytes, arrays, plain objects, maps and
 * sets. Plain objects keep the order of their string keys; keys that are symbols are left out; -0 becomes 0. Functions,
 * symbols, instances of other classes, values that contain themselves, text that is no valid unicode and fields named
 * `__proto__` are refused.
 *
 * @param what - name of the value in the error message, or who makes it
 * @throws CodecError that names the part that cannot be encoded.
 */
export function encode(value: unknown, what: Name = 'value'): Uint8Array {
  return encodeAfter(0, value, what)
}

/** As {@link encode}, with room for so many bytes before it. */
export function encodeAfter(room: number, value: unknown, what: Name = 'value'): Uint8Array {
  const length = scalarLength(value)
  if (length === 0) return encodeWith(plain(), { value, room }, what)
  const bytes = new Uint8Array(room + 1 + length)
  bytes[room] = formatVersion
  writeScalar(value, bytes, room + 1)
  return bytes
}

/**
 * As {@link encode}, but equal for objects that differ in the order of their keys: for digests.
 *
 * @throws CodecError as `encode` does.
 */
export function encodeCanonical(value: unknown, what: Name = 'value'): Uint8Array {
  // What has no keys has one form.
  return scalarLength(value) > 0 ? encode(value, what) : encodeWith(canonical(), { value, room: 0 }, what)
}

/** As {@link encodeCanonical}, of a value that {@link encode} made these bytes of: mostly they are the ones. */
export function canonicalOf(value: unknown, encoded: Uint8Array): Uint8Array {
  return hasSortedKeys(value) ? encoded : encodeCanonical(value)
}

interface Placed {
  readonly value: unknown
  readonly room: number
}

function encodeWith(coders: Coders, placed: Placed, what: Name): Uint8Array {
  const { value, room } = placed
  try {
    const bytes = coders.writer.write(value, room + 1) ?? encodeByLibrary(coders, placed)
    bytes[room] = formatVersion
    return bytes
  } catch (cause) {
    throw toCodecError(value, typeof what === 'string' ? what : what(), cause)
  }
}

function encodeByLibrary({ encoder }: Coders, { value, room }: Placed): Uint8Array {
  const encoded = encoder.encodeSharedRef(encodable(value))
  const bytes = new Uint8Array(room + 1 + encoded.length)
  bytes.set(encoded, room + 1)
  return bytes
}

/**
 * Turns bytes made by {@link encode} back into the value. The result shares no memory with them.
 *
 * @throws CodecError when the bytes are cut, damaged or of an unknown version.
 */
export function decode(bytes: Uint8Array): unknown {
  return decodeFrom(bytes, 0)
}

/** As {@link decode}, for a value that begins at a position of the bytes and ends with them. */
export function decodeFrom(bytes: Uint8Array, at: number): unknown {
  if (bytes[at] !== formatVersion) {
    throw new CodecError(
      `An encoded value has format version ${bytes[at] ?? '(none)'}, and this runner reads version ${formatVersion}. ` +
        'Deploy a runner that knows it.',
    )
  }
  const scalar = readScalar(bytes, at + 1)
  if (scalar !== notScalar) return scalar
  const { decoder, reader } = plain()
  const value = reader.read(bytes, at + 1)
  if (value !== notPlain) return value
  try {
    // A copy, because the library gives parts of it for byte arrays.
    return decoder.decode(privateCopy(bytes, at + 1))
  } catch (cause) {
    if (cause instanceof CodecError) throw cause
    throw new CodecError(`An encoded value is damaged${causeText(cause)}.`, { cause })
  }
}

function toCodecError(value: unknown, what: string, cause: unknown): CodecError {
  const reason = cause instanceof Unencodable ? reasonOf(value, what) : undefined
  if (reason !== undefined) {
    return new CodecError(`${reason}, which cannot be encoded. Use plain data: see the list at \`encode\`.`)
  }
  return new CodecError(`${what} could not be read while it was encoded${causeText(cause)}.`, { cause })
}

function reasonOf(value: unknown, what: string): string | undefined {
  try {
    return explainUnencodable(value, what)
  } catch {
    // A getter threw, which it did not do a moment ago. The cause has to do.
    return undefined
  }
}
