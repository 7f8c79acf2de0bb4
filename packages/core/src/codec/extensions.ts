import { EXT_TIMESTAMP, ExtensionCodec } from '@msgpack/msgpack'
import type { Decoder, Encoder } from '@msgpack/msgpack'
import { CodecError } from '../error/codec-error.ts'
import { Extended } from './encodable.ts'

/** The library's own encoder and decoder, for values inside of an extension. */
export interface Inner {
  readonly encoder: Encoder<Inner>
  readonly decoder: Decoder<Inner>
}

interface Extension {
  /** Values are stored: a number is never given another meaning. */
  readonly type: number
  /** The bytes of a value of this extension; null for any other value. */
  readonly encode: (value: unknown, inner: Inner) => Uint8Array | null
  readonly decode: (bytes: Uint8Array, inner: Inner) => unknown
}

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true })
const nothing = new Uint8Array(0)

/** No bytes. */
const undefinedExtension: Extension = {
  type: 0,
  encode: (value) => (value instanceof Extended && value.value === undefined ? nothing : null),
  decode: () => undefined,
}

/** Milliseconds since 1970 as a float 64, NaN for an invalid date. */
const dateExtension: Extension = {
  type: 1,
  encode: (value) => (value instanceof Date ? float64(value.getTime()) : null),
  decode: (bytes) => new Date(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0)),
}

/** A list of pairs. */
const mapExtension: Extension = {
  type: 2,
  encode: (value, { encoder }) => (value instanceof Map ? encoder.encode([...value]) : null),
  decode: (bytes, { decoder }) => new Map(listOf(decoder.decode(bytes)).map(pairOf)),
}

/** A list. */
const setExtension: Extension = {
  type: 3,
  encode: (value, { encoder }) => (value instanceof Set ? encoder.encode([...value]) : null),
  decode: (bytes, { decoder }) => new Set(listOf(decoder.decode(bytes))),
}

/** Decimal digits. */
const bigintExtension: Extension = {
  type: 4,
  encode: (value) => (value instanceof Extended ? utf8.encode(String(value.value)) : null),
  decode: (bytes) => BigInt(fromUtf8.decode(bytes)),
}

/** What MessagePack has no type for. */
export class Extensions extends ExtensionCodec<Inner> {
  static readonly #all = [undefinedExtension, dateExtension, mapExtension, setExtension, bigintExtension]
  static readonly #known = new Set(Extensions.#all.map(({ type }) => type))

  constructor() {
    super()
    // In place of the library's own way with dates, which has none for invalid ones.
    this.register({ type: EXT_TIMESTAMP, encode: () => null, decode: () => unknownExtension(EXT_TIMESTAMP) })
    for (const { type, encode, decode } of Extensions.#all) {
      this.register({ type, encode, decode: (bytes, _, inner) => decode(bytes, inner) })
    }
  }

  /** The library would make something up for a type that it does not know. */
  override decode(...args: Parameters<ExtensionCodec<Inner>['decode']>): unknown {
    const [, type] = args
    return Extensions.#known.has(type) ? super.decode(...args) : unknownExtension(type)
  }
}

function unknownExtension(type: number): never {
  throw new CodecError(`An encoded value is damaged: extension ${type} is unknown.`)
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return bytes
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new CodecError('An encoded value is damaged: it lacks a list.')
}

function pairOf(value: unknown): [unknown, unknown] {
  const [key, item] = listOf(value)
  return [key, item]
}
