const utf8 = new TextEncoder()
/** A character outside of ASCII takes at most three bytes, as one of UTF-16's two or by itself. */
const mostBytes = 3
const lengthBytes = 4
/** Lists of so many bytes come again and again. */
const longestView = 256

/**
 * Texts and bytes in one piece, which is hashed at once. Each goes in behind its length, so that no two lists of parts look the
 * same. Used again and again, and for one list at a time.
 */
export class Parts {
  #bytes = new Uint8Array(512)
  #end = 0
  /** Views on the first bytes, by length: each is made once, because making one takes as long as writing all parts. */
  #views: Uint8Array[] = []

  /** A new list. */
  begin(): this {
    this.#end = 0
    return this
  }

  /** A text, in UTF-8. */
  text(text: string): this {
    const start = this.#room(text.length * mostBytes)
    return this.#close(start, start + this.#write(text, start))
  }

  bytes(part: Uint8Array): this {
    const start = this.#room(part.length)
    this.#bytes.set(part, start)
    return this.#close(start, start + part.length)
  }

  /** All of them. Valid until the next list begins. */
  joined(): Uint8Array {
    if (this.#end > longestView) return this.#bytes.subarray(0, this.#end)
    return (this.#views[this.#end] ??= this.#bytes.subarray(0, this.#end))
  }

  /** Where the next part begins, with so much room behind it. */
  #room(length: number): number {
    const start = this.#end + lengthBytes
    if (start + length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (start + length))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#views = []
    }
    return start
  }

  /** How many bytes it took. Short texts of ASCII, which most are, take a third of the time without the platform's encoder. */
  #write(text: string, start: number): number {
    const bytes = this.#bytes
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 0x7f || index > 64) return utf8.encodeInto(text, bytes.subarray(start)).written
      bytes[start + index] = code
    }
    return text.length
  }

  #close(start: number, end: number): this {
    const length = end - start
    for (let index = 0; index < lengthBytes; index += 1)
      this.#bytes[start - lengthBytes + index] = (length >>> (24 - 8 * index)) & 0xff
    this.#end = end
    return this
  }
}
