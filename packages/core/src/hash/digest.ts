import { sha256 } from '@noble/hashes/sha2.js'
import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import { requestId } from '../address/identifiers.ts'
import { base64Url } from './base64-url.ts'

const utf8 = new TextEncoder()
const digestLength = 16
const keyedIdLength = 24

/**
 * Tells two requests with the same idempotency key apart: the first 16 bytes of SHA-256 over method and payload. Equal data
 * written with its keys in another order is another payload.
 */
export function requestDigest(method: string, payload: Uint8Array): Uint8Array {
  return hashOf([utf8.encode(method), payload]).slice(0, digestLength)
}

/**
 * The id of a request with an idempotency key: `k` and 24 bytes of SHA-256 over entity, method and key, in base64url. The same
 * key on another entity or method is another request.
 */
export function keyedRequestId(entity: Pick<EntityAddress, 'type' | 'id'>, method: string, key: string): RequestId {
  const digest = hashOf([entity.type, entity.id, method, key].map((part) => utf8.encode(part)))
  return requestId(`k${base64Url(digest.subarray(0, keyedIdLength))}`)
}

/** Names data by its content: SHA-256 in base64url, 43 characters. */
export function contentId(bytes: Uint8Array): string {
  return base64Url(sha256(bytes))
}

/** Each part goes in behind its length, so that no two lists of parts look the same. In one piece, which is hashed at once. */
function hashOf(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const part of parts) size += 4 + part.length
  const joined = new Uint8Array(size)
  const view = new DataView(joined.buffer)
  let at = 0
  for (const part of parts) {
    view.setUint32(at, part.length)
    joined.set(part, at + 4)
    at += 4 + part.length
  }
  return sha256(joined)
}
