/** Says that bytes hold something else than a plain value, or are damaged. */
export const notPlain = Symbol('not plain')

/** Deeper values are for the library, which needs no stack for them. */
const deepest = 32
/** Names of fields come again and again; each of so many is made once, until another takes its place. */
const knownNames = 256
/** Longer names are not looked up, nor texts read character by character. */
const longestText = 64

const none = new Uint8Array(0)

/**
 * Reads small values of the usual kinds, as {@link PlainWriter} writes them: MessagePack's decoder needs a copy and a view first. Whatever is
 * of another kind, is no ASCII or is damaged is left to it.
 */
export class PlainReader {
  #bytes: Uint8Array = none
  #at = 0
  readonly #double = new DataView(new ArrayBuffer(8))
  readonly #names: (string | undefined)[] = Array.from({ length: knownNames }, () => undefined)

  /** The value from a position to the end of the bytes, which shares no memory with them; or {@link notPlain}. */
  read(bytes: Uint8Array, from: number): unknown {
    this.#bytes = bytes
    this.#at = from
    const value = this.#value(0)
    this.#bytes = none
    return this.#at === bytes.length ? value : notPlain
  }

  #value(depth: number): unknown {
    const byte = this.#bytes[this.#at]
    if (byte === undefined || depth > deepest) return notPlain
    this.#at += 1
    if (byte < 0x80) return byte
    if (byte < 0x90) return this.#fields(byte & 0x0f, depth + 1)
    if (byte < 0xa0) return this.#items(byte & 0x0f, depth + 1)
    if (byte < 0xc0) return this.#text(byte & 0x1f)
    if (byte >= 0xe0) return byte - 0x100
    return this.#single(byte, depth)
  }

  #single(byte: number, depth: number): unknown {
    switch (byte) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc7:
        return this.#unsigned(2) === 0 ? undefined : notPlain
      case 0xcb:
        return this.#float()
      default:
        return this.#sized(byte, depth)
    }
  }

  #sized(byte: number, depth: number): unknown {
    switch (byte) {
      case 0xc4:
        return this.#binary(this.#unsigned(1))
      case 0xcc:
        return this.#unsigned(1)
      case 0xcd:
        return this.#unsigned(2)
      case 0xce:
        return this.#unsigned(4)
      case 0xd9:
        return this.#text(this.#unsigned(1))
      case 0xdc:
        return this.#items(this.#unsigned(2), depth + 1)
      case 0xde:
        return this.#fields(this.#unsigned(2), depth + 1)
      default:
        return notPlain
    }
  }

  /** Big end first. Beyond the end of the bytes it is anything: then the position says that they are damaged. */
  #unsigned(length: number): number {
    let value = 0
    for (let index = 0; index < length; index += 1) value = value * 256 + (this.#bytes[this.#at + index] ?? 0)
    this.#at += length
    return value
  }

  #float(): number {
    for (let index = 0; index < 8; index += 1) this.#double.setUint8(index, this.#bytes[this.#at + index] ?? 0)
    this.#at += 8
    return this.#double.getFloat64(0)
  }

  #binary(length: number): Uint8Array | typeof notPlain {
    if (this.#at + length > this.#bytes.length) return notPlain
    const part = new Uint8Array(length)
    for (let index = 0; index < length; index += 1) part[index] = this.#bytes[this.#at + index] ?? 0
    this.#at += length
    return part
  }

  #items(length: number, depth: number): unknown {
    const items: unknown[] = []
    for (let index = 0; index < length; index += 1) {
      const item = this.#value(depth)
      if (item === notPlain) return notPlain
      items.push(item)
    }
    return items
  }

  #fields(length: number, depth: number): unknown {
    const fields: Record<string, unknown> = {}
    for (let index = 0; index < length; index += 1) {
      const name = this.#name()
      if (name === notPlain || name === '__proto__') return notPlain
      const value = this.#value(depth)
      if (value === notPlain) return notPlain
      fields[name] = value
    }
    return fields
  }

  #name(): string | typeof notPlain {
    const byte = this.#bytes[this.#at] ?? 0
    if (byte < 0xa0 || byte >= 0xc0) return notPlain
    this.#at += 1
    const length = byte & 0x1f
    const slot =
      (length * 31 + (this.#bytes[this.#at] ?? 0) * 7 + (this.#bytes[this.#at + length - 1] ?? 0)) % knownNames
    const known = this.#names[slot]
    if (known !== undefined && this.#isHere(known, length)) {
      this.#at += length
      return known
    }
    const name = this.#text(length)
    if (name !== notPlain) this.#names[slot] = name
    return name
  }

  /** Whether the next bytes are this text. */
  #isHere(text: string, length: number): boolean {
    if (text.length !== length) return false
    for (let index = 0; index < length; index += 1)
      if (text.charCodeAt(index) !== this.#bytes[this.#at + index]) return false
    return true
  }

  #text(length: number): string | typeof notPlain {
    if (length > longestText) return notPlain
    const codes: number[] = []
    for (let index = 0; index < length; index += 1) {
      const code = this.#bytes[this.#at + index]
      if (code === undefined || code > 0x7f) return notPlain
      codes.push(code)
    }
    this.#at += length
    // In one piece: a text that grows by characters is a tree of as many, until somebody compares it.
    return String.fromCharCode(...codes)
  }
}
