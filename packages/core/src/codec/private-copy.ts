const slabSize = 8 * 1024
const largest = 1024
/** So few bytes are copied one by one: a view on a small array moves it off the JavaScript heap, which takes longer. */
const mostByHand = 256

let slab = new Uint8Array(0)
let used = 0

/**
 * A copy of bytes from a position on, which nobody else changes or reads. Small ones are parts of a shared slab: a small array of its own would be
 * moved off the JavaScript heap as soon as a DataView looks at it, which made decoding ten times slower.
 */
export function privateCopy(bytes: Uint8Array, from: number): Uint8Array {
  const length = bytes.length - from
  if (length > largest) return new Uint8Array(bytes.subarray(from))
  if (used + length > slab.length) {
    slab = new Uint8Array(slabSize)
    used = 0
  }
  const copy = slab.subarray(used, used + length)
  if (length > mostByHand) copy.set(bytes.subarray(from))
  else for (let index = 0; index < length; index += 1) copy[index] = bytes[from + index] ?? 0
  used += length
  return copy
}
