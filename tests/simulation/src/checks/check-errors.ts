import type { Fault, History, Operation, Simulation, Violation } from '@cruster/testing'
import { entityOf } from '@cruster/testing'

/** What may reach a caller while things go wrong. Routing trouble may not, unless a call cannot be repeated. */
export function checkErrors(history: History, simulation: Simulation): readonly Violation[] {
  const leaving = new Set(
    simulation.plan.flatMap((fault) => ('runner' in fault && isDrain(fault) ? [fault.runner] : [])),
  )
  return history.operations
    .filter((operation) => isSurprising(operation, leaving))
    .map((operation) => ({
      check: 'errors that callers may see',
      message: `#${operation.index} ${operation.method} ended with ${describe(operation)}`,
      about: entityOf(operation),
    }))
}

const usual: ReadonlySet<string> = new Set([
  // A clock that was set back by much: no ids until it has caught up.
  'ClockDriftExceeded',
  'DeadlineExceeded',
  'StorageError',
  'ShuttingDown',
  'IdempotencyConflict',
  'CallerDied',
])
const reads: ReadonlySet<string> = new Set(['read', 'get', 'size', 'balance', 'list'])

const isDrain = ({ kind }: Fault): boolean => kind === 'restart' || kind === 'stop'

function isSurprising({ outcome, kind, method, caller }: Operation, leaving: ReadonlySet<string>): boolean {
  if (outcome.kind === 'returned') return false
  if (outcome.kind === 'threw') return true
  const { error } = outcome
  if (!(error instanceof Error) || usual.has(error.name)) return false
  // The calls of a process end with it.
  if (error.name === 'Interrupted') return kind !== 'stream' && !leaving.has(caller)
  return !(error.name === 'RunnerUnavailable' && (reads.has(method) || kind === 'stream') && outcome.kind === 'unknown')
}

function describe({ outcome }: Operation): string {
  if (outcome.kind === 'returned') return 'a value'
  return outcome.error instanceof Error ? `${outcome.error.name}: ${outcome.error.message}` : String(outcome.error)
}
