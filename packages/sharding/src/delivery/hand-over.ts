import type { NewMessage } from '@cruster/core/ports'
import type { ReplySink } from '../connection/endpoint.ts'
import type { Router } from '../routing/router.ts'
import { requestOf } from './message-request.ts'

/** A message with the place that storage gave it. */
export interface Placed {
  readonly message: NewMessage
  readonly sequence: number
}

/** Nobody waits for the receipt: what a push does not reach, the owner's next look at storage finds. */
const nobody: ReplySink = { reply: ignore, notMine: ignore, broken: ignore, chunk: ignore }

function ignore(): void {
  // See above.
}

/** Tells the owners of messages that were just stored, so that they need not look for them. */
export function handOver(router: Router, placed: readonly Placed[]): void {
  for (const { message, sequence } of placed) {
    const route = router.route(message.address.shard)
    route?.endpoint.open({ ...requestOf(message, 1), oneWay: true, sequence, deliverAt: message.deliverAt }, nobody)
  }
}
