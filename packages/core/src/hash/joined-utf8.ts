/** Never part of UTF-8, so that no text can imitate it. */
const separator = 0xff
const encoder = new TextEncoder()

let scratch = new Uint8Array(512)

/**
 * Both texts in UTF-8 with a byte between them that neither can hold: no two different pairs give the same bytes.
 *
 * The result is valid until the next call: it is only for hashing at once.
 */
export function joinedUtf8(first: string, second: string): Uint8Array {
  const most = (first.length + second.length) * 3 + 1
  if (most > scratch.length) scratch = new Uint8Array(most)
  const middle = encoder.encodeInto(first, scratch).written
  scratch[middle] = separator
  const end = middle + 1 + encoder.encodeInto(second, scratch.subarray(middle + 1)).written
  return scratch.subarray(0, end)
}
