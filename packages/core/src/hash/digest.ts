import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import { requestId } from '../address/identifiers.ts'
import { Parts } from './parts.ts'
import type { HashingHost, Sha256 } from './sha256.ts'
import { chooseSha256 } from './sha256.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what there is of the host is not in its types here
const host = globalThis as HashingHost

const digestLength = 16
const keyedIdLength = 24
const contentIdLength = 32

/**
 * Tells two requests with the same idempotency key apart: the first 16 bytes of SHA-256 over method and payload. Equal data
 * written with its keys in another order is another payload.
 */
export function requestDigest(method: string, payload: Uint8Array): Uint8Array {
  const { parts, sha256 } = tools()
  return sha256.bytes(parts.begin().text(method).bytes(payload).joined(), digestLength)
}

/**
 * The id of a request with an idempotency key: `k` and 24 bytes of SHA-256 over entity, method and key, in base64url. The same
 * key on another entity or method is another request.
 */
export function keyedRequestId(entity: Pick<EntityAddress, 'type' | 'id'>, method: string, key: string): RequestId {
  const { parts, sha256 } = tools()
  const named = parts.begin().text(entity.type).text(entity.id).text(method).text(key).joined()
  return requestId(`k${sha256.text(named, keyedIdLength)}`)
}

/** Names data by its content: SHA-256 in base64url, 43 characters. */
export function contentId(bytes: Uint8Array): string {
  return tools().sha256.text(bytes, contentIdLength)
}

/** What hashes are made with: used again and again. */
interface Tools {
  readonly parts: Parts
  readonly sha256: Sha256
}

/** Made when they are first needed: importing has no effect. */
const made: { tools?: Tools } = {}

function tools(): Tools {
  made.tools ??= { parts: new Parts(), sha256: chooseSha256(host) }
  return made.tools
}
