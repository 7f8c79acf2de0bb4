const slabSize = 8 * 1024
const largest = 1024

let slab = new Uint8Array(0)
let used = 0

/**
 * A copy of bytes that nobody else changes or reads. Small ones are parts of a shared slab: a small array of its own would be
 * moved off the JavaScript heap as soon as a DataView looks at it, which made decoding ten times slower.
 */
export function privateCopy(bytes: Uint8Array): Uint8Array {
  if (bytes.length > largest) return new Uint8Array(bytes)
  if (used + bytes.length > slab.length) {
    slab = new Uint8Array(slabSize)
    used = 0
  }
  const copy = slab.subarray(used, used + bytes.length)
  copy.set(bytes)
  used += bytes.length
  return copy
}
