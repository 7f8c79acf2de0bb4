import type { EventReceipt } from '../protocol/execution-message.ts'
import type { Arrival } from './arrival.ts'
import type { ExecutionCore } from './execution-core.ts'

type Message = Extract<Arrival, { kind: 'start' | 'event' }>

/** Events behind which nobody waits for an answer. */
const patient: ReadonlySet<string> = new Set(['timer', 'childEnded', 'wake'])

/** Keeps a handled message until the execution has stored what came of it. */
export function hold(core: ExecutionCore, arrival: Omit<Message, 'kind'>, receipt: EventReceipt): void {
  const { call, body, end, fail } = arrival
  core.held.add({ call, receipt, isPatient: !('kind' in body) || patient.has(body.kind), end, fail })
}

/**
 * Keeps a message that came before: its effects are recorded, and it was not concluded. The life of the execution that recorded them
 * has ended, maybe before it was listed.
 */
export function holdAgain(core: ExecutionCore, arrival: Omit<Message, 'kind'>): void {
  core.listing.ensure()
  hold(core, arrival, 'accepted')
}
