import type { JobOutcome } from './job.ts'

/** What has to happen to the entity after a run. `reset`: read its state again. `restart`: make it anew. */
export type Aftermath = 'nothing' | 'reset' | 'restart'

/** How a run ended. `refused`: it was built on a state that was not committed, left no trace, and must run again. */
export type RunEnd =
  { readonly kind: 'ended'; readonly outcome: JobOutcome; readonly aftermath: Aftermath } | { readonly kind: 'refused' }

export function ended(outcome: JobOutcome, aftermath: Aftermath = 'nothing'): RunEnd {
  return { kind: 'ended', outcome, aftermath }
}
