import { isEncodableText, isPlainObject, maxDepth } from './encodable.ts'

/** Larger values are for the library: nobody notices there what it takes to begin. */
const capacity = 8 * 1024
/** No number and no head takes more bytes. */
const longestHead = 9
/** Texts up to here are written character by character, and bytes one by one: shorter than a call of the platform. */
const mostByHand = 64

/** How lists of a kind begin: up to `below` items in one byte with their number, else with a byte or a word for it. */
interface Head {
  readonly fixed: number
  readonly below: number
  readonly byte: number | undefined
  readonly word: number
}

const textHead: Head = { fixed: 0xa0, below: 32, byte: 0xd9, word: 0xda }
const bytesHead: Head = { fixed: 0, below: 0, byte: 0xc4, word: 0xc5 }
const arrayHead: Head = { fixed: 0x90, below: 16, byte: undefined, word: 0xdc }
const fieldsHead: Head = { fixed: 0x80, below: 16, byte: undefined, word: 0xde }

const utf8 = new TextEncoder()

/**
 * Writes small values of the usual kinds, in one pass: the same bytes as MessagePack's encoder gives for what `encodable` makes of them. That
 * takes 2.5 times as long, because it is two passes and looks at each part for extensions.
 */
export class PlainWriter {
  readonly #bytes = new Uint8Array(capacity)
  readonly #double = new DataView(new ArrayBuffer(8))
  readonly #sortKeys: boolean
  #end = 0
  #isWriting = false

  constructor(sortKeys: boolean) {
    this.#sortKeys = sortKeys
  }

  /**
   * The bytes of a value, with room for so many before them, which hold anything. Undefined when it is none of those that
   * this writes: another kind, a large one, or no data at all.
   */
  write(value: unknown, room: number): Uint8Array | undefined {
    // A getter encodes something while its object is being encoded.
    if (this.#isWriting) return undefined
    this.#isWriting = true
    this.#end = room
    try {
      return this.#value(value, 0) ? this.#bytes.slice(0, this.#end) : undefined
    } finally {
      this.#isWriting = false
    }
  }

  /** False for what is not for this writer; then what was written so far is worth nothing. */
  #value(value: unknown, depth: number): boolean {
    if (this.#end + longestHead > capacity) return false
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#byte(value ? 0xc3 : 0xc2)
      case 'object':
        return value === null ? this.#byte(0xc0) : this.#object(value, depth + 1)
      case 'undefined':
        return this.#nothing()
      default:
        return false
    }
  }

  #object(value: object, depth: number): boolean {
    if (depth > maxDepth) return false
    if (Array.isArray(value)) return this.#items(value, depth)
    if (isPlainObject(value)) return this.#fields(value, depth)
    return value instanceof Uint8Array && this.#binary(value)
  }

  #items(items: readonly unknown[], depth: number): boolean {
    if (!this.#head(items.length, arrayHead)) return false
    for (let index = 0; index < items.length; index += 1) if (!this.#value(items[index], depth)) return false
    return true
  }

  #fields(fields: Readonly<Record<string, unknown>>, depth: number): boolean {
    const keys = Object.keys(fields)
    // oxlint-disable-next-line unicorn/no-array-sort -- nobody else has this array
    if (this.#sortKeys) keys.sort()
    if (!this.#head(keys.length, fieldsHead)) return false
    for (const key of keys) {
      if (key === '__proto__' || !this.#text(key) || !this.#value(fields[key], depth)) return false
    }
    return true
  }

  #binary(part: Uint8Array): boolean {
    const { length } = part
    if (!this.#head(length, bytesHead)) return false
    if (length > mostByHand) this.#bytes.set(part, this.#end)
    else for (let index = 0; index < length; index += 1) this.#bytes[this.#end + index] = part[index] ?? 0
    this.#end += length
    return true
  }

  #text(text: string): boolean {
    const { length } = text
    if (length > mostByHand) return this.#longText(text)
    const start = this.#end
    if (!this.#head(length, textHead)) return false
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) {
        this.#end = start
        return this.#longText(text)
      }
      this.#bytes[this.#end + index] = code
    }
    this.#end += length
    return true
  }

  /** One whose length in bytes is known only when it has been written. */
  #longText(text: string): boolean {
    const from = this.#end + longestHead
    if (from + text.length * 3 > capacity || !isEncodableText(text)) return false
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(from))
    this.#head(written, textHead)
    this.#bytes.copyWithin(this.#end, from, from + written)
    this.#end += written
    return true
  }

  #number(value: number): boolean {
    if (!Number.isSafeInteger(value)) return this.#float(value)
    if (value >= 0) return this.#natural(value)
    if (value >= -0x20) return this.#byte(value & 0xff)
    if (value >= -0x80) return this.#integer(0xd0, value, 1)
    if (value >= -0x8000) return this.#integer(0xd1, value, 2)
    return value >= -0x8000_0000 ? this.#integer(0xd2, value, 4) : this.#integer(0xd3, value, 8)
  }

  #natural(value: number): boolean {
    if (value < 0x80) return this.#byte(value)
    if (value < 0x100) return this.#integer(0xcc, value, 1)
    if (value < 0x1_0000) return this.#integer(0xcd, value, 2)
    return value < 0x1_0000_0000 ? this.#integer(0xce, value, 4) : this.#integer(0xcf, value, 8)
  }

  /** Big end first, in two's complement. */
  #integer(head: number, value: number, length: number): boolean {
    this.#byte(head)
    let rest = value
    for (let index = length - 1; index >= 0; index -= 1) {
      // Of a number of more than 32 bits this is right too: its lowest ones.
      this.#bytes[this.#end + index] = rest & 0xff
      rest = Math.floor(rest / 256)
    }
    this.#end += length
    return true
  }

  #float(value: number): boolean {
    this.#byte(0xcb)
    this.#double.setFloat64(0, value)
    for (let index = 0; index < 8; index += 1) this.#byte(this.#double.getUint8(index))
    return true
  }

  /** As the extension `undefined`. */
  #nothing(): boolean {
    this.#byte(0xc7)
    this.#byte(0)
    return this.#byte(0)
  }

  /** False when there is no room for so many items, of a byte at least. */
  #head(count: number, { fixed, below, byte, word }: Head): boolean {
    if (this.#end + longestHead + count > capacity) return false
    if (count < below) return this.#byte(fixed | count)
    return byte !== undefined && count < 0x100 ? this.#integer(byte, count, 1) : this.#integer(word, count, 2)
  }

  #byte(byte: number): boolean {
    this.#bytes[this.#end] = byte
    this.#end += 1
    return true
  }
}
