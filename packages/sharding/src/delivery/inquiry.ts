import { EntityNotFound, Interrupted } from '@cruster/core'
import type { StoredMessage } from '@cruster/core/ports'
import type { Request } from '../connection/endpoint.ts'
import type { Job } from '../entity/job.ts'
import { failureExit, repeatedExit } from '../entity/recorded-outcome.ts'
import type { Services } from '../runner/services.ts'
import type { ShardInbox } from './shard-inbox.ts'

/** Where a stored request stands: still to be answered by its job, or answered. */
export type Finding = { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'exit'; readonly exit: Uint8Array }

export interface InquiryScope {
  readonly services: Services
  readonly inbox: ShardInbox
  /** Stores a request that its sender could not store, and has it delivered. False when it is known to storage already. */
  readonly store: (request: Request) => Promise<boolean>
}

/**
 * Finds out where a request stands whose message this owner does not hold: it may be answered, pending but not read,
 * cancelled, or not stored at all.
 */
export async function inquire(scope: InquiryScope, request: Request): Promise<Finding> {
  const { inbox, services } = scope
  await inbox.load()
  // Again after it was stored, and again after it was answered between the look at the replies and the look at the messages.
  for (let round = 0; round < 3; round++) {
    const job = inbox.job(request.id)
    if (job !== undefined) return { kind: 'job', job }
    const reply = await services.storage.replies.find(request.id)
    if (reply !== undefined) return { kind: 'exit', exit: repeatedExit(request, reply) }
    const found = await pendingMessage(scope, request)
    if (found === 'over' || found === 'stored') continue
    if (inbox.adopt(found)) return held(inbox, request)
    return { kind: 'exit', exit: failureExit(new EntityNotFound(request.address.type)) }
  }
  return { kind: 'exit', exit: failureExit(new Interrupted(`message ${request.id}`, { outcome: 'not-started' })) }
}

async function pendingMessage(
  { services, store }: InquiryScope,
  request: Request,
): Promise<StoredMessage | 'over' | 'stored'> {
  const record = await services.storage.messages.find(request.id)
  if (record !== undefined) return record.status === 'pending' ? record.message : 'over'
  return (await store(request)) ? 'stored' : 'over'
}

function held(inbox: ShardInbox, request: Request): Finding {
  const job = inbox.job(request.id)
  if (job !== undefined) return { kind: 'job', job }
  return { kind: 'exit', exit: failureExit(new Interrupted(`message ${request.id}`, { outcome: 'unknown' })) }
}
