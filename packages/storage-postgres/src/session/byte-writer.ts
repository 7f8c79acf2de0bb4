/** Text up to here is written character by character: a call of the buffer costs as much as some forty of them. */
const shortText = 48

/** Bytes that grow, in the order of the network. What was written can still be changed, see {@link ByteWriter.patchInt32}. */
export class ByteWriter {
  #bytes: Buffer
  #end = 0

  /** Writes into `workspace`, and into a larger one if that is too small. */
  constructor(workspace: Buffer) {
    this.#bytes = workspace
  }

  /** How much was written. */
  get end(): number {
    return this.#end
  }

  /** What was written. It is the memory itself, and changes if something is written after {@link cut}. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end)
  }

  /** All memory, to be used again. */
  get workspace(): Buffer {
    return this.#bytes
  }

  /** Takes back what was written from `end` on. */
  cut(end: number): void {
    this.#end = end
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#end++] = value
  }

  int16(value: number): void {
    this.#reserve(2)
    this.#bytes[this.#end++] = value >>> 8
    this.#bytes[this.#end++] = value
  }

  int32(value: number): void {
    this.#reserve(4)
    this.patchInt32(this.#end, value)
    this.#end += 4
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#end = this.#bytes.writeDoubleBE(value, this.#end)
  }

  add(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.byteLength
  }

  text(text: string): void {
    this.#reserve(3 * text.length)
    this.#end += this.#bytes.write(text, this.#end)
  }

  /**
   * Text with its length in front. False, and nothing written, if it is not short or has other characters than the printable
   * ones of ASCII.
   */
  sizedPlainText(text: string): boolean {
    const { length } = text
    if (length > shortText) return false
    this.#reserve(4 + length)
    const bytes = this.#bytes
    const start = this.#end + 4
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code < 32 || code > 126) return false
      bytes[start + index] = code
    }
    bytes[start - 4] = bytes[start - 3] = bytes[start - 2] = 0
    bytes[start - 1] = length
    this.#end = start + length
    return true
  }

  /** Text with its length in front. */
  sizedText(text: string): void {
    if (this.sizedPlainText(text)) return
    this.#reserve(4 + 3 * text.length)
    const size = this.#bytes.write(text, this.#end + 4)
    this.patchInt32(this.#end, size)
    this.#end += 4 + size
  }

  patchInt32(at: number, value: number): void {
    const bytes = this.#bytes
    bytes[at] = value >>> 24
    bytes[at + 1] = value >>> 16
    bytes[at + 2] = value >>> 8
    bytes[at + 3] = value
  }

  patchInt16(at: number, value: number): void {
    this.#bytes[at] = value >>> 8
    this.#bytes[at + 1] = value
  }

  #reserve(size: number): void {
    const needed = this.#end + size
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }
}
