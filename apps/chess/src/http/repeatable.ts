import { createHash, randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { parse } from './read-request.ts'
import { idempotencyKey } from './request-schemas.ts'

/** Of a request that has a key: the same for each repetition. */
export interface Repeatable {
  /** For the call that it leads to. */
  readonly options: { readonly idempotencyKey?: string }
  /** An id for what it makes. */
  newId(what: 'player' | 'game'): string
}

/** Reads the header `Idempotency-Key`. @throws ApiError when it cannot be one. */
export function repeatable(c: Context): Repeatable {
  const key = parse(idempotencyKey, c.req.header('idempotency-key'), 'Idempotency-Key')
  if (key === undefined) return { options: {}, newId: () => randomUUID() }
  return { options: { idempotencyKey: key }, newId: (what) => idOf(`${what} ${c.req.path} ${key}`) }
}

/** A UUID that is made of a text, version 8: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
