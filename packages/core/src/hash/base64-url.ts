const alphabet = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', (character) =>
  character.charCodeAt(0),
)

/** The first bytes in base64 for URLs and file names, without padding (RFC 4648, section 5). */
export function base64Url(bytes: Uint8Array, length = bytes.length): string {
  const codes: number[] = []
  for (let at = 0; at < length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | (byteAt(bytes, at + 1, length) << 8) | byteAt(bytes, at + 2, length)
    const characters = Math.min(length - at, 3) + 1
    for (let index = 0; index < characters; index += 1) codes.push(alphabet[(group >> (18 - 6 * index)) & 63] ?? 0)
  }
  // In one piece: a text that grows by characters is a tree of as many, until somebody compares it.
  return String.fromCharCode(...codes)
}

function byteAt(bytes: Uint8Array, at: number, length: number): number {
  return at < length ? (bytes[at] ?? 0) : 0
}
