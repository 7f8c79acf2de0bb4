import type { EventReceipt } from '../protocol/execution-message.ts'
import type { Arrival } from './arrival.ts'
import type { ExecutionCore } from './execution-core.ts'

type Message = Extract<Arrival, { kind: 'start' | 'event' }>

/** Events behind which nobody waits for an answer. */
const patient: ReadonlySet<string> = new Set(['timer', 'childEnded', 'wake'])

/** Keeps a handled message until the execution has stored what came of it. */
export function hold(core: ExecutionCore, arrival: Omit<Message, 'kind'>, receipt: EventReceipt): void {
  const { call, body, end, fail } = arrival
  const isPatient = !('kind' in body) || patient.has(body.kind)
  // One that comes again joins the execution; with a parent that would be told of the end twice.
  const isRemembered = !('kind' in body) && body.parent === undefined
  core.held.add({ call, receipt, isPatient, isRemembered, end, fail })
}

/**
 * Keeps a message that came before: its effects are recorded, and it was not concluded. The life of the execution that recorded them
 * has ended, maybe before it was listed.
 */
export function holdAgain(core: ExecutionCore, arrival: Omit<Message, 'kind'>): void {
  core.listing.ensure()
  hold(core, arrival, 'accepted')
}
