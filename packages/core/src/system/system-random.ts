import type { Random } from '../ports/random.ts'

/** What hosts give at most in one call. */
const mostBytes = 65_536

/** Randomness of this machine. Ids and bytes are unpredictable; `next` is quick and not meant for secrets. */
export class SystemRandom implements Random {
  next(): number {
    return Math.random()
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += mostBytes) crypto.getRandomValues(bytes.subarray(at, at + mostBytes))
    return bytes
  }

  uuid(): string {
    return crypto.randomUUID()
  }
}
