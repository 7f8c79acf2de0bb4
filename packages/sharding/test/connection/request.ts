import { requestId, shardId } from '@cruster/core'
import type { Request } from '../../src/connection/endpoint.ts'

/** A request to an entity, all defaults. */
export function request(fields: Partial<Request> = {}): Request {
  return {
    id: requestId('1'),
    address: { shard: shardId('default', 7), type: 'Counter', id: 'a' },
    method: 'increment',
    payload: Uint8Array.of(1, 2, 3),
    headers: {},
    timeoutMs: 30_000,
    attempt: 1,
    origin: 'client',
    chain: [],
    retainMs: 0,
    oneWay: false,
    ...fields,
  }
}
