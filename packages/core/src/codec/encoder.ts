import { CodecError } from '../error/codec-error.ts'
import { extensionType, formatVersion, maxDepth } from './wire-format.ts'

const utf8 = new TextEncoder()
const loneSurrogate = /\p{Surrogate}/u
const keptCapacity = 1 << 20
const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

/** Writes values into a buffer that it keeps between calls. Not reentrant. See wire-format.ts for the format. */
export class Encoder {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /**
   * A fresh array of exactly the encoded length.
   *
   * @throws CodecError when a part has no encoding. It does not say which: only then is it worth a search.
   */
  encode(value: unknown): Uint8Array {
    this.#at = 0
    this.#byte(formatVersion)
    this.#write(value, 0)
    const encoded = this.#bytes.slice(0, this.#at)
    if (this.#bytes.length > keptCapacity) this.#resize(1024)
    return encoded
  }

  #write(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#byte(value ? 0xc3 : 0xc2)
      case 'object':
        return value === null ? this.#byte(0xc0) : this.#object(value, depth + 1)
      case 'undefined':
        return this.#bytes3(0xd4, extensionType.undefined, 0)
      case 'bigint':
        return this.#bigint(value)
      default:
        throw unencodable()
    }
  }

  #object(value: object, depth: number): void {
    if (depth > maxDepth) throw unencodable()
    if (Array.isArray(value)) return this.#array(value, depth)
    if (isPlainObject(value)) return this.#plainObject(value, depth)
    if (value instanceof Uint8Array) return this.#binary(value)
    if (value instanceof Date) return this.#date(value)
    if (value instanceof Map) return this.#extension(extensionType.map, () => this.#array([...value].flat(1), depth))
    if (value instanceof Set) return this.#extension(extensionType.set, () => this.#array([...value], depth))
    throw unencodable()
  }

  #plainObject(value: Readonly<Record<string, unknown>>, depth: number): void {
    const keys = Object.keys(value)
    this.#header(keys.length, 0x80, 0xde)
    for (const key of keys) {
      this.#string(key)
      this.#write(value[key], depth)
    }
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#header(items.length, 0x90, 0xdc)
    // Not for…of: an iterator per array is dear, and the length written above has to hold.
    for (let index = 0; index < items.length; index += 1) this.#write(items[index], depth)
  }

  /** The head of an array or map: its length in 4, 16 or 32 bits. */
  #header(length: number, small: number, wide: number): void {
    if (length < 16) this.#byte(small | length)
    else if (length < 0x1_0000) this.#bytes3(wide, length >> 8, length & 0xff)
    else this.#uint32(wide + 1, length)
  }

  #number(value: number): void {
    if (value === (value | 0) && !Object.is(value, -0)) return this.#integer(value)
    this.#byte(0xcb)
    this.#float64(value)
  }

  #integer(value: number): void {
    if (value >= -0x20 && value < 0x80) this.#byte(value & 0xff)
    else if (value >= 0x80 && value < 0x100) this.#bytes2(0xcc, value)
    else if (value >= -0x80 && value < 0) this.#bytes2(0xd0, value & 0xff)
    else if (value >= -0x8000 && value < 0x8000) this.#bytes3(0xd1, (value >> 8) & 0xff, value & 0xff)
    else this.#uint32(0xd2, value >>> 0)
  }

  #string(text: string): void {
    if (text.length < 0x40 && this.#shortAscii(text)) return
    this.#reserve(text.length * 3 + 5)
    const start = this.#at + 5
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(start))
    if (written !== text.length && loneSurrogate.test(text)) return this.#utf16(text)
    if (written < 32) this.#byte(0xa0 | written)
    else if (written < 0x100) this.#bytes2(0xd9, written)
    else if (written < 0x1_0000) this.#bytes3(0xda, written >> 8, written & 0xff)
    else this.#uint32(0xdb, written)
    if (this.#at < start) this.#bytes.copyWithin(this.#at, start, start + written)
    this.#at += written
  }

  /** Most strings are short and ASCII. For those a loop is several times as fast as a call of the text encoder. */
  #shortAscii(text: string): boolean {
    const { length } = text
    this.#reserve(length + 2)
    const bytes = this.#bytes
    let at = this.#at
    if (length >= 32) bytes[at++] = 0xd9
    bytes[at++] = length < 32 ? 0xa0 | length : length
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #utf16(text: string): void {
    this.#extension(extensionType.utf16, () => {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index)
        this.#bytes2(code >> 8, code & 0xff)
      }
    })
  }

  #binary(value: Uint8Array): void {
    const { length } = value
    if (length < 0x100) this.#bytes2(0xc4, length)
    else if (length < 0x1_0000) this.#bytes3(0xc5, length >> 8, length & 0xff)
    else this.#uint32(0xc6, length)
    this.#reserve(length)
    this.#bytes.set(value, this.#at)
    this.#at += length
  }

  #date(value: Date): void {
    this.#bytes2(0xd7, extensionType.date)
    this.#float64(value.getTime())
  }

  #bigint(value: bigint): void {
    if (value >= minInt64 && value <= maxInt64) {
      this.#bytes2(0xd7, extensionType.bigint)
      return this.#int64(value)
    }
    const words: bigint[] = []
    let rest = value
    for (; rest < minInt64 || rest > maxInt64; rest >>= 64n) words.unshift(rest)
    this.#extension(extensionType.bigint, () => [rest, ...words].forEach((word) => this.#int64(word)))
  }

  /** Runs `writeBody`, whose length is known only afterwards. */
  #extension(type: number, writeBody: () => void): void {
    this.#uint32(0xc9, 0)
    this.#byte(type)
    const start = this.#at
    writeBody()
    this.#view.setUint32(start - 5, this.#at - start)
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  #bytes2(first: number, second: number): void {
    this.#reserve(2)
    this.#bytes[this.#at++] = first
    this.#bytes[this.#at++] = second
  }

  #bytes3(first: number, second: number, third: number): void {
    this.#reserve(3)
    this.#bytes[this.#at++] = first
    this.#bytes[this.#at++] = second
    this.#bytes[this.#at++] = third
  }

  #uint32(head: number, value: number): void {
    this.#reserve(5)
    this.#bytes[this.#at] = head
    this.#view.setUint32(this.#at + 1, value)
    this.#at += 5
  }

  #float64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
  }

  #int64(value: bigint): void {
    this.#reserve(8)
    this.#view.setBigInt64(this.#at, value)
    this.#at += 8
  }

  #reserve(length: number): void {
    const needed = this.#at + length
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, this.#bytes.length * 2))
  }

  #resize(capacity: number): void {
    const grown = new Uint8Array(capacity)
    if (capacity > this.#bytes.length) grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** An object whose prototype is the root of a realm, or null: made by a literal, not by a class. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null && 'hasOwnProperty' in prototype
}

const unencodable = (): CodecError => new CodecError('A part of the value cannot be encoded.')
