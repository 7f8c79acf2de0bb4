import { sha256 } from '@noble/hashes/sha2.js'
import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import { requestId } from '../address/identifiers.ts'
import { base64Url } from './base64-url.ts'
import { Parts } from './parts.ts'

const digestLength = 16
const keyedIdLength = 24

/**
 * Tells two requests with the same idempotency key apart: the first 16 bytes of SHA-256 over method and payload. Equal data
 * written with its keys in another order is another payload.
 */
export function requestDigest(method: string, payload: Uint8Array): Uint8Array {
  return hashed(scratch().begin().text(method).bytes(payload)).slice(0, digestLength)
}

/**
 * The id of a request with an idempotency key: `k` and 24 bytes of SHA-256 over entity, method and key, in base64url. The same
 * key on another entity or method is another request.
 */
export function keyedRequestId(entity: Pick<EntityAddress, 'type' | 'id'>, method: string, key: string): RequestId {
  const digest = hashed(scratch().begin().text(entity.type).text(entity.id).text(method).text(key))
  return requestId(`k${base64Url(digest, keyedIdLength)}`)
}

/** Names data by its content: SHA-256 in base64url, 43 characters. */
export function contentId(bytes: Uint8Array): string {
  return base64Url(sha256(bytes))
}

/** What hashes are made with: used again and again, because making it takes longer than hashing a short text. */
interface Tools {
  readonly parts: Parts
  /** Has taken nothing so far, and never does. */
  readonly fresh: ReturnType<typeof sha256.create>
  readonly hash: ReturnType<typeof sha256.create>
  readonly digest: Uint8Array
}

/** Made when they are first needed: importing has no effect. */
const made: { tools?: Tools } = {}

function tools(): Tools {
  made.tools ??= {
    parts: new Parts(),
    fresh: sha256.create(),
    hash: sha256.create(),
    digest: new Uint8Array(sha256.outputLen),
  }
  return made.tools
}

const scratch = (): Parts => tools().parts

/** SHA-256 of parts, valid until the next call. */
function hashed(parts: Parts): Uint8Array {
  const { fresh, hash, digest } = tools()
  // oxlint-disable-next-line no-underscore-dangle -- what the library calls it
  fresh._cloneInto(hash).update(parts.joined()).digestInto(digest)
  return digest
}
