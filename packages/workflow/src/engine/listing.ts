import type { ExecutionReader } from '@cruster/core/ports'
import type { RecordedExecution } from './recorded-execution.ts'
import type { WorkflowProgram } from './workflow-program.ts'

/** The execution that is listed. */
export interface Listed {
  readonly recorded: RecordedExecution
  /** How it is listed. */
  readonly described: Pick<WorkflowProgram, 'workflow' | 'retainMs'>
}

/**
 * The record under which people and tools find an execution. Nothing else needs it: what brings an execution back is its journal
 * and a pending message. So most executions, which end soon, have it put once, with their end. It is put
 *
 * - L1 with what changes its status: the end, a pause, a resumption, and with the start of another run;
 * - L2 with the unit that leaves no message pending to bring the execution back, unless it is put: it rests;
 * - L3 with the next unit, unless it is put, when the execution has been at work for a while, and when a message comes again that was not concluded
 *   although its effects are stored: a life of the execution has ended before it came to that. Also when it waits for its version.
 *
 * By L1 and L2 there is no journal without a record, but those that a pending message brings back.
 */
export class Listing {
  readonly #execution: Listed
  #isPut = false

  constructor(execution: Listed) {
    this.#execution = execution
  }

  /** Whether the record is stored, or with the next unit. False for one that was put in another life: nobody has looked. */
  get isPut(): boolean {
    return this.#isPut
  }

  /** Finds out whether it was put in another life. Otherwise that is not worth a look: putting it again costs little. */
  async lookUp(executions: ExecutionReader): Promise<void> {
    if (this.#isPut) return
    const found = await executions.find(this.#execution.recorded.address)
    this.#isPut ||= found !== undefined
  }

  /** Puts it with the next unit, as the execution is now. */
  put(note?: string): void {
    const { recorded, described } = this.#execution
    recorded.writer.also(recorded.put(described, note))
    this.#isPut = true
  }

  /** Puts it with the next unit if it may be missing: what is paused or has ended was put with that. */
  ensure(): void {
    const { started, status } = this.#execution.recorded
    if (!this.#isPut && started !== undefined && status === 'running') this.put()
  }
}
