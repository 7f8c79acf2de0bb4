const slots = 1024

/**
 * Remembers the keys of decoded objects, which are few and come again and again: to compare bytes with a known string is
 * four times as fast as to make a new one. Bounded: a key that meets another in its slot replaces it.
 */
export class KeyCache {
  readonly #keys: (string | undefined)[] = Array.from({ length: slots })

  /** The ASCII string in these bytes, if it is known. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const key = this.#keys[slotOf(bytes, start, end)]
    if (key === undefined || key.length !== end - start) return undefined
    for (let index = 0; index < key.length; index += 1) {
      if (key.charCodeAt(index) !== bytes[start + index]) return undefined
    }
    return key
  }

  /** Remembers what these bytes stand for. */
  add(bytes: Uint8Array, start: number, key: string): void {
    this.#keys[slotOf(bytes, start, start + key.length)] = key
  }
}

/** Length, first, middle and last byte tell most keys of one program apart. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0
  const middle = bytes[(start + end) >> 1] ?? 0
  const last = bytes[end - 1] ?? 0
  return ((end - start) * 7 + first * 31 + middle * 13 + last) % slots
}
