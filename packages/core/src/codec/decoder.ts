import { CodecError } from '../error/codec-error.ts'
import { KeyCache } from './key-cache.ts'
import { extensionType, formatVersion, maxDepth } from './wire-format.ts'

// Without `ignoreBOM` a string that begins with a byte order mark would lose it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const knownKeys = new KeyCache()

/** Reads one encoded value. Copies everything, so that the result does not keep the bytes alive. */
export class Decoder {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** @throws CodecError when the bytes are not exactly one value of a known version. */
  decode(): unknown {
    const version = this.#bytes[this.#at++]
    if (version !== formatVersion) {
      throw new CodecError(
        `A value has format version ${version ?? '(none)'}, and this runner reads version ${formatVersion}. ` +
          'Upgrade it, or check that the bytes come from Cruster.',
      )
    }
    const value = this.#value(0)
    if (this.#at !== this.#bytes.length) throw damaged(`${this.#bytes.length - this.#at} bytes follow the value`)
    return value
  }

  #value(depth: number): unknown {
    const head = this.#byte()
    if (head < 0x80) return head
    if (head < 0x90) return this.#plainObject(head & 0x0f, depth)
    if (head < 0xa0) return this.#array(head & 0x0f, depth)
    if (head < 0xc0) return this.#string(head & 0x1f)
    if (head >= 0xe0) return head - 0x100
    return this.#tagged(head, depth)
  }

  // Long, but one line per byte of the format.
  // oxlint-disable-next-line complexity
  #tagged(head: number, depth: number): unknown {
    switch (head) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.#binary(this.#byte())
      case 0xc5:
        return this.#binary(this.#uint16())
      case 0xc6:
        return this.#binary(this.#uint32())
      case 0xc9:
        return this.#extension(this.#uint32(), depth)
      case 0xcb:
        return this.#float64()
      case 0xcc:
        return this.#byte()
      case 0xd0:
        return (this.#byte() << 24) >> 24
      case 0xd1:
        return (this.#uint16() << 16) >> 16
      case 0xd2:
        return this.#uint32() | 0
      case 0xd4:
        return this.#extension(1, depth)
      case 0xd7:
        return this.#extension(8, depth)
      case 0xd9:
        return this.#string(this.#byte())
      case 0xda:
        return this.#string(this.#uint16())
      case 0xdb:
        return this.#string(this.#uint32())
      case 0xdc:
        return this.#array(this.#uint16(), depth)
      case 0xdd:
        return this.#array(this.#uint32(), depth)
      case 0xde:
        return this.#plainObject(this.#uint16(), depth)
      case 0xdf:
        return this.#plainObject(this.#uint32(), depth)
      default:
        throw damaged(`0x${head.toString(16)} begins no value`)
    }
  }

  #array(length: number, depth: number): unknown[] {
    this.#checkRoom(length, depth)
    const items: unknown[] = []
    for (let index = 0; index < length; index += 1) items.push(this.#value(depth + 1))
    return items
  }

  #plainObject(size: number, depth: number): Record<string, unknown> {
    this.#checkRoom(size * 2, depth)
    const object: Record<string, unknown> = {}
    for (let index = 0; index < size; index += 1) {
      const key = this.#key(depth)
      const value = this.#value(depth + 1)
      if (key === '__proto__') setOwnProto(object, value)
      else object[key] = value
    }
    return object
  }

  #key(depth: number): string {
    const head = this.#bytes[this.#at] ?? 0
    if (head >= 0xa0 && head < 0xc0) return this.#shortKey(head & 0x1f)
    const key = this.#value(depth + 1)
    if (typeof key !== 'string') throw damaged('a key is not a string')
    return key
  }

  #shortKey(length: number): string {
    const start = this.#at + 1
    const known = knownKeys.find(this.#bytes, start, start + length)
    if (known !== undefined) {
      this.#at = start + length
      return known
    }
    this.#at = start
    const key = this.#string(length)
    if (key.length === length) knownKeys.add(this.#bytes, start, key)
    return key
  }

  #extension(length: number, depth: number): unknown {
    const type = this.#byte()
    const end = this.#at + length
    this.#checkLength(length)
    const value = this.#extensionValue(type, end, depth)
    if (this.#at !== end) throw damaged(`extension ${type} has ${length} bytes, but its value ends elsewhere`)
    return value
  }

  #extensionValue(type: number, end: number, depth: number): unknown {
    switch (type) {
      case extensionType.undefined:
        this.#at += 1
        return undefined
      case extensionType.date:
        return new Date(this.#float64())
      case extensionType.map:
        return this.#map(depth)
      case extensionType.set:
        return new Set(this.#items(depth))
      case extensionType.bigint:
        return this.#bigint(end)
      case extensionType.utf16:
        return this.#utf16(end)
      default:
        throw damaged(`extension ${type} is unknown`)
    }
  }

  #map(depth: number): Map<unknown, unknown> {
    const items = this.#items(depth)
    const map = new Map<unknown, unknown>()
    for (let index = 0; index < items.length; index += 2) map.set(items[index], items[index + 1])
    return map
  }

  /** The array that holds the contents of a map or set. */
  #items(depth: number): readonly unknown[] {
    const items = this.#value(depth)
    if (!Array.isArray(items)) throw damaged('the contents of a map or set are not an array')
    return items
  }

  #bigint(end: number): bigint {
    let value = this.#view.getBigInt64(this.#at)
    for (this.#at += 8; this.#at < end; this.#at += 8) value = (value << 64n) | this.#view.getBigUint64(this.#at)
    return value
  }

  #utf16(end: number): string {
    let text = ''
    while (this.#at < end) text += String.fromCharCode(this.#uint16())
    return text
  }

  #string(length: number): string {
    this.#checkLength(length)
    const start = this.#at
    this.#at += length
    return (length < 16 ? this.#shortAscii(start) : undefined) ?? utf8.decode(this.#bytes.subarray(start, this.#at))
  }

  /** Most strings are short and ASCII. For those a loop is several times as fast as a call of the text decoder. */
  #shortAscii(start: number): string | undefined {
    let text = ''
    for (let at = start; at < this.#at; at += 1) {
      const byte = this.#bytes[at] ?? 0
      if (byte >= 0x80) return undefined
      text += String.fromCharCode(byte)
    }
    return text
  }

  #binary(length: number): Uint8Array {
    this.#checkLength(length)
    const start = this.#at
    this.#at += length
    // Not `slice`: on a Node Buffer that makes a view.
    return new Uint8Array(this.#bytes.subarray(start, this.#at))
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw damaged('it ends too early')
    return byte
  }

  #uint16(): number {
    return (this.#byte() << 8) | this.#byte()
  }

  #uint32(): number {
    this.#checkLength(4)
    const value = this.#view.getUint32(this.#at)
    this.#at += 4
    return value
  }

  #float64(): number {
    this.#checkLength(8)
    const value = this.#view.getFloat64(this.#at)
    this.#at += 8
    return value
  }

  /** Each item takes at least one byte: a wrong length is found before anything is allocated for it. */
  #checkRoom(items: number, depth: number): void {
    if (depth >= maxDepth) throw damaged(`it is nested deeper than ${maxDepth} levels`)
    this.#checkLength(items)
  }

  #checkLength(length: number): void {
    if (length > this.#bytes.length - this.#at) throw damaged('it ends too early')
  }
}

/** A plain assignment would change the prototype of the object. */
function setOwnProto(object: object, value: unknown): void {
  Object.defineProperty(object, '__proto__', { value, enumerable: true, configurable: true, writable: true })
}

function damaged(how: string): CodecError {
  return new CodecError(`An encoded value is damaged: ${how}. Its bytes were cut, or do not come from Cruster.`)
}
