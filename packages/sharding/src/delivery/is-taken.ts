import { entityKey } from '@cruster/core'
import type { Storage, UnitResult } from '@cruster/core/ports'
import type { Request } from '../connection/endpoint.ts'
import { isOther, sameDigest } from '../entity/recorded-outcome.ts'

type Asked = Pick<Request, 'id' | 'address' | 'method' | 'digest' | 'payload'>

/** Whether storage refused to store a request because its id is another's; else it was stored before. */
export async function isTaken(storage: Storage, request: Asked, result: UnitResult | undefined): Promise<boolean> {
  if (result?.kind !== 'duplicate') return false
  if (request.digest !== undefined) return !sameDigest(request.digest, result.digest)
  const record = await storage.messages.find(request.id)
  if (record !== undefined) return !isSame(record.message, request)
  // Forgotten, because it is answered.
  const reply = await storage.replies.find(request.id)
  return reply === undefined || isOther(request, reply)
}

function isSame(one: Asked, other: Asked): boolean {
  const isSameMethod = entityKey(one.address) === entityKey(other.address) && one.method === other.method
  return isSameMethod && sameDigest(one.payload, other.payload)
}
