/**
 * Arrays as PostgreSQL writes them. Made here and not by the client: it is the same for all clients, and bytes are half of
 * the work of a batch.
 */
export function textArray(values: Iterable<string | undefined>): string {
  return literal(values, quoted)
}

export function numberArray(values: Iterable<number | undefined>): string {
  return literal(values, String)
}

export function booleanArray(values: Iterable<boolean>): string {
  return literal(values, (value) => (value ? 't' : 'f'))
}

/**
 * In hex, which needs no quotes but those of its backslash. Written digit by digit into one buffer: with a call of
 * `toString('hex')` for each of 64 small values it takes four times as long.
 */
export function bytesArray(values: readonly (Uint8Array | undefined)[]): string {
  let length = 2
  for (const value of values) length += value === undefined ? 5 : 2 * value.byteLength + 6
  const text = new AsciiText(length)
  text.add('{')
  let separator = ''
  for (const value of values) {
    text.add(separator)
    separator = ','
    if (value === undefined) text.add('NULL')
    else text.addHex(value)
  }
  text.add('}')
  return text.toString()
}

const hexDigits = Buffer.from('0123456789abcdef')

/** Where all texts that are not large are made, one after the other. */
const workspace = Buffer.allocUnsafeSlow(65_536)

/** Text in the making, of so many characters at most. To be finished before the next is begun. */
class AsciiText {
  readonly #bytes: Buffer
  #end = 0

  constructor(length: number) {
    this.#bytes = length <= workspace.length ? workspace : Buffer.allocUnsafe(length)
  }

  add(text: string): void {
    for (let index = 0; index < text.length; index++) this.#bytes[this.#end++] = text.charCodeAt(index)
  }

  addHex(value: Uint8Array): void {
    this.add('"\\\\x')
    for (const byte of value) {
      this.#bytes[this.#end++] = hexDigits[byte >> 4] ?? 0
      this.#bytes[this.#end++] = hexDigits[byte & 15] ?? 0
    }
    this.add('"')
  }

  toString(): string {
    return this.#bytes.toString('latin1', 0, this.#end)
  }
}

function literal<Value>(values: Iterable<Value | undefined>, write: (value: Value) => string): string {
  let text = '{'
  for (const value of values) {
    if (text.length > 1) text += ','
    text += value === undefined ? 'NULL' : write(value)
  }
  return `${text}}`
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`
}
