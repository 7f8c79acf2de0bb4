import type { Unit, UnitResult } from '@cruster/core/ports'
import { applyOperation, type Refusal } from './apply-operation.ts'
import { Draft } from './draft.ts'
import type { Effects, Ticket } from './effects.ts'
import type { Facts } from './facts.ts'

/** What becomes of a unit, before the sequences of its messages are known. */
export type Verdict = Refusal | { readonly kind: 'applied'; readonly tickets: readonly (Ticket | 'skipped')[] }

export interface Decision {
  /** One for each unit, in their order. */
  readonly verdicts: readonly Verdict[]
  readonly effects: Effects
}

/**
 * Decides what becomes of the units of a batch. Pure: the facts say what the database holds, the effects what to write.
 *
 * Units are applied in order, each wholly or not at all, and see what those before them did.
 */
export function decideUnits(facts: Facts, units: readonly Unit[]): Decision {
  const draft = new Draft(facts)
  const verdicts = units.map((unit) => {
    const verdict = decideUnit(facts, draft, unit)
    if (verdict.kind === 'applied') draft.keep()
    else draft.undo()
    return verdict
  })
  return { verdicts, effects: draft.effects() }
}

function decideUnit(facts: Facts, draft: Draft, { fence, operations }: Unit): Verdict {
  if (fence !== undefined && !facts.accepts(fence)) return { kind: 'fenced', shard: fence.shard }
  const tickets: (Ticket | 'skipped')[] = []
  for (const operation of operations) {
    const effect = applyOperation(draft, operation)
    if (effect === undefined) continue
    if ('refusal' in effect) return effect.refusal
    tickets.push(effect.ticket)
  }
  return { kind: 'applied', tickets }
}

/** The verdict in the words of the port. `sequenceOf` knows what a ticket was exchanged for. */
export function toUnitResult(verdict: Verdict, sequenceOf: (ticket: Ticket) => number): UnitResult {
  if (verdict.kind !== 'applied') return verdict
  return {
    kind: 'applied',
    sequences: verdict.tickets.map((ticket) => (ticket === 'skipped' ? 0 : sequenceOf(ticket))),
  }
}
