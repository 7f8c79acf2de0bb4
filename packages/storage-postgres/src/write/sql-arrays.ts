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

/** In hex, which needs no quotes but those of its backslash. */
export function bytesArray(values: Iterable<Uint8Array | undefined>): string {
  return literal(values, (bytes) => {
    const { buffer, byteOffset, byteLength } = bytes
    return `"\\\\x${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}"`
  })
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
