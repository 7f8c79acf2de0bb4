import type { Random } from '../ports/random.ts'

/**
 * The same numbers for the same seed, on every machine: xoshiro128** by Blackman and Vigna (prng.di.unimi.it), seeded through
 * SplitMix32. Good for tests and simulations, useless for secrets.
 */
export class SeededRandom implements Random {
  readonly #state: Uint32Array

  constructor(seed: number) {
    let mixed = seed | 0
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) | 0
      return splitMix(mixed)
    })
  }

  next(): number {
    // 53 bits, as many as a double holds.
    return ((this.#word() >>> 5) * 2 ** 26 + (this.#word() >>> 6)) / 2 ** 53
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#word() >>> 24)
  }

  uuid(): string {
    const bytes = this.bytes(16)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5')
  }

  #word(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const nextC = c ^ a
    const nextD = d ^ b
    this.#state.set([a ^ nextD, b ^ nextC, nextC ^ (b << 9), rotateLeft(nextD, 11)])
    return result
  }
}

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function splitMix(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  const second = Math.imul(first ^ (first >>> 15), 0x735a2d97)
  return (second ^ (second >>> 15)) >>> 0
}
