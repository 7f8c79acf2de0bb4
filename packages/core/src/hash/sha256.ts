import { sha256 } from '@noble/hashes/sha2.js'
import { base64Url } from './base64-url.ts'

/** SHA-256 of bytes, as much of it as is wanted. */
export interface Sha256 {
  /** The first bytes of the digest. */
  bytes(data: Uint8Array, length: number): Uint8Array
  /** The first bytes of the digest in base64 for URLs, without padding; a multiple of 3 of them, or all 32. */
  text(data: Uint8Array, length: number): string
}

/** What is needed of Node's `node:crypto`. */
interface Crypto {
  readonly hash?: (algorithm: 'sha256', data: Uint8Array, encoding: 'latin1' | 'base64url') => string
}

/** What there is of the host. */
export interface HashingHost {
  readonly process?: { readonly getBuiltinModule?: (id: 'node:crypto') => Crypto | undefined } | undefined
}

/**
 * The host's own SHA-256 where it has one that answers at once, which is Node's: with the 40 to 150 bytes of a request it takes
 * a third of the time, as long as it gives texts; making a Buffer takes longer than hashing. Browsers have only one that is waited for.
 */
export function chooseSha256({ process }: HashingHost): Sha256 {
  const hash = process?.getBuiltinModule?.('node:crypto')?.hash
  return hash === undefined ? portable() : native(hash)
}

function native(hash: NonNullable<Crypto['hash']>): Sha256 {
  return {
    bytes: (data, length) => {
      const digest = hash('sha256', data, 'latin1')
      const bytes = new Uint8Array(length)
      for (let index = 0; index < length; index += 1) bytes[index] = digest.charCodeAt(index)
      return bytes
    },
    text: (data, length) => hash('sha256', data, 'base64url').slice(0, Math.ceil((length * 4) / 3)),
  }
}

/** Its tools are used again and again, because making them takes longer than hashing a short text. */
function portable(): Sha256 {
  /** Has taken nothing so far, and never does. */
  const fresh = sha256.create()
  const used = sha256.create()
  const digest = new Uint8Array(sha256.outputLen)
  const hashed = (data: Uint8Array): Uint8Array => {
    // oxlint-disable-next-line no-underscore-dangle -- what the library calls it
    fresh._cloneInto(used).update(data).digestInto(digest)
    return digest
  }
  return {
    bytes: (data, length) => hashed(data).slice(0, length),
    text: (data, length) => base64Url(hashed(data), length),
  }
}
