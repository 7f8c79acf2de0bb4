import type { EntityAddress, ExecutionRef, RequestId } from '@cruster/core'
import { entityKey } from '@cruster/core'
import type { ExecutionRecord, Operation, Storage } from '@cruster/core/ports'
import { decodeEntry } from '../journal/entry-codec.ts'
import type { Ended, JournalEntry, Paused, Started } from '../journal/journal-entry.ts'
import type { RunStatus } from '../protocol/inspection.ts'
import { JournalWriter } from './journal-writer.ts'
import type { WorkflowProgram } from './workflow-program.ts'

const pageSize = 1000

/** So many messages are remembered from one run to the next. A message is delivered again soon, or never. */
const mostHandled = 1000

/** All entries of a journal, decoded, with the number of their bytes. */
export interface LoadedJournal {
  readonly entries: JournalEntry[]
  readonly bytes: number
}

export async function loadJournal({ journals }: Storage, address: EntityAddress): Promise<LoadedJournal> {
  const entries: JournalEntry[] = []
  let bytes = 0
  for (;;) {
    const page = await journals.read({ address, after: entries.length, limit: pageSize })
    for (const entry of page) {
      entries.push(decodeEntry(entry))
      bytes += entry.length
    }
    if (page.length < pageSize) return { entries, bytes }
  }
}

/** What an execution has recorded, and what of it is still to be stored. */
export class RecordedExecution {
  readonly address: EntityAddress
  readonly writer: JournalWriter
  entries: JournalEntry[]
  /** Messages that are in the journal. Delivered again, they are not recorded again. */
  readonly handled = new Set<RequestId>()
  #paused: Paused | undefined
  #ended: Ended | undefined

  constructor(address: EntityAddress, { entries, bytes }: LoadedJournal) {
    this.address = address
    this.entries = entries
    this.writer = new JournalWriter(address, { entries: entries.length, bytes })
    for (const entry of entries) this.#note(entry)
  }

  /** `Workflow/ProcessOrder/order-7`. */
  get name(): string {
    return entityKey(this.address)
  }

  get started(): Started | undefined {
    const [first] = this.entries
    return first?.kind === 'started' ? first : undefined
  }

  /** Who has started it. */
  get parent(): ExecutionRef | undefined {
    const parent = this.started?.parents[0]
    return parent === undefined ? undefined : { type: parent.type, id: parent.id }
  }

  get paused(): Paused | undefined {
    return this.#paused
  }

  get ended(): Ended | undefined {
    return this.#ended
  }

  /** Messages that may be delivered again although they are recorded: the newest of those that are known. */
  get recentlyHandled(): readonly RequestId[] {
    return [...this.handled].slice(-mostHandled)
  }

  get status(): RunStatus {
    if (this.#ended !== undefined) return this.#ended.status
    return this.#paused === undefined ? 'running' : 'paused'
  }

  /** Records what happened, with operations that belong to it. */
  record(entry: JournalEntry, operations: readonly Operation[] = []): void {
    this.entries.push(entry)
    this.recorded(entry, operations)
  }

  /** As {@link record}, for an entry that is in the list already. */
  recorded(entry: JournalEntry, operations: readonly Operation[] = []): void {
    this.#note(entry)
    this.writer.add(entry, operations)
  }

  /** An entry that was stored by itself, in a transaction. */
  stored(entry: JournalEntry): void {
    this.entries.push(entry)
  }

  /** A new run: from here on the journal is this. */
  begin(entries: readonly JournalEntry[]): void {
    this.entries = [...entries]
    this.#paused = undefined
    this.#ended = undefined
    this.handled.clear()
    for (const entry of entries) this.#note(entry)
    if (this.writer.size === 0) for (const entry of entries) this.writer.add(entry)
    else this.writer.restart(entries)
  }

  /** Puts the record that people and tools find. */
  put(program: Pick<WorkflowProgram, 'workflow' | 'retainMs'>, note?: string): Operation {
    const { status, started, parent } = this
    const isOver = status !== 'running' && status !== 'paused'
    const record: ExecutionRecord = {
      workflow: program.workflow,
      version: started?.version ?? 0,
      status,
      startedAt: started?.at ?? 0,
      parent,
      note,
      retainMs: isOver ? program.retainMs : undefined,
    }
    return { kind: 'putExecution', address: this.address, record }
  }

  #note(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'started':
        for (const id of entry.handled) this.handled.add(id)
        break
      case 'event':
      case 'joined':
        this.handled.add(entry.message)
        break
      case 'paused':
        this.#paused = entry
        break
      case 'resumed':
        this.#paused = undefined
        break
      case 'ended':
        this.#ended = entry
        break
      default:
    }
  }
}
