/**
 * MurmurHash3, x86, 32 bits, by Austin Appleby (public domain): fast, and each bit of the input changes each bit of the
 * result with a probability of a half. No protection against chosen collisions.
 *
 * @returns a whole number from 0 to 2³² - 1
 */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const { length } = bytes
  const wholeWords = length & ~3
  let hash = seed
  for (let at = 0; at < wholeWords; at += 4) {
    hash ^= scramble(wordAt(bytes, at))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  if (length > wholeWords) hash ^= scramble(wordAt(bytes, wholeWords))
  return finalise(hash ^ length)
}

/** Four bytes, least significant first; those beyond the end count as 0. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function finalise(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}
