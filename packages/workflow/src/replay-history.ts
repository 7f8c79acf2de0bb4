import {
  ConfigError,
  NonDeterminismError,
  SystemClock,
  SystemRandom,
  decodeExit,
  decode,
  decodeError,
  silentLogger,
} from '@cruster/core'
import type { History } from './client/history.ts'
import type { Task } from './context/task.ts'
import { LiveRun } from './engine/live-run.ts'
import type { WorkflowProgram } from './engine/workflow-program.ts'
import { decodeEntry } from './journal/entry-codec.ts'
import type { Ended, JournalEntry } from './journal/journal-entry.ts'
import { workflowType } from './protocol/execution-contract.ts'
import { Replay } from './replay/replay.ts'
import { sameBytes, stepText } from './replay/step-text.ts'

/** What `replay` needs of an implementation. */
export interface Replayable {
  readonly program: WorkflowProgram
}

/** Where a body stands when it has run over a whole history. */
export type Replayed =
  /** It ended as the history says. */
  | { readonly kind: 'completed'; readonly output: unknown }
  | { readonly kind: 'failed' | 'cancelled'; readonly error: Error }
  /** The execution goes on: with these operations, for which the body waits or which it would begin. */
  | { readonly kind: 'open'; readonly operations: readonly string[] }

/**
 * Runs the body of an implementation over a recorded history, in a test: to know whether changed code still does what
 * executions have done before. No activity is called, nothing is stored.
 *
 * @param history - what `run.history()` gave
 * @throws NonDeterminismError when the body does something else, or ends otherwise.
 */
export async function replay(history: History, { program }: Replayable): Promise<Replayed> {
  const execution = `${workflowType(history.workflow)}/${history.executionId}`
  const entries = history.entries.map((bytes) => decodeEntry(bytes))
  const run = bodyOver({ history, program, entries, execution })
  await run.advanceToEnd()
  if (run.replay.mismatch !== undefined) throw new NonDeterminismError(run.replay.mismatch)
  return outcome(run, entries, execution)
}

interface Scene {
  readonly history: History
  readonly program: WorkflowProgram
  readonly entries: readonly JournalEntry[]
  readonly execution: string
}

function bodyOver({ history, program, entries, execution }: Scene): LiveRun {
  if (entries[0]?.kind !== 'started')
    throw new ConfigError(`The history of ${execution} does not begin with its start.`)
  const machine = new Replay<Task>(execution, [...entries], () => {})
  const [parent] = machine.started.parents
  const scope = {
    execution: { type: workflowType(history.workflow), id: history.executionId },
    program,
    replay: machine,
    parent,
    clock: new SystemClock(),
    random: new SystemRandom(),
    log: silentLogger,
    clients: (): never => {
      throw new ConfigError('A replay calls nobody.')
    },
    entity: undefined,
    queries: new Map(),
    compensations: [],
    asked: () => {},
    continueWith: undefined,
  }
  return new LiveRun(scope, () => {})
}

function outcome(run: LiveRun, entries: readonly JournalEntry[], execution: string): Replayed {
  const recorded = entries.find((entry) => entry.kind === 'ended')
  if (recorded === undefined)
    return run.end === undefined ? { kind: 'open', operations: goesOnWith(run) } : ended(run.end)
  if (run.end !== undefined && sameBytes(recorded.exit, run.end.exit)) return ended(recorded)
  throw new NonDeterminismError({
    execution,
    step: run.replay.lastStep + 1,
    recorded: `the end (${recorded.status})`,
    asked: run.end === undefined ? goesOnWith(run)[0] : `the end (${run.end.status}, with another result)`,
  })
}

function goesOnWith(run: LiveRun): readonly string[] {
  if (run.scope.continueWith !== undefined) return ['continueAsNew']
  return [...run.replay.open].map((operation) => stepText(operation, run.replay.occurrence(operation)))
}

function ended({ status, exit }: Pick<Ended, 'status' | 'exit'>): Replayed {
  const decoded = decodeExit(exit)
  if (decoded.kind === 'success') return { kind: 'completed', output: decode(decoded.value) }
  return { kind: status === 'cancelled' ? 'cancelled' : 'failed', error: decodeError(decoded.error) }
}
