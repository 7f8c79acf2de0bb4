import type { AssumedFacts } from '../../decide/assumed-facts.ts'
import type { Effects, Ticket } from '../../decide/effects.ts'
import type { SqlNames } from '../../schema/sql-names.ts'
import { toStoredText } from '../../stored-text.ts'

/** What a statement is to write. */
export interface Writing {
  readonly effects: Effects
  /** What has to hold; undefined when the facts were read and their rows are locked. */
  readonly assumed: AssumedFacts | undefined
  /** What a ticket is exchanged for. Known when the counters are locked. */
  readonly sequenceOf: (ticket: Ticket) => number
}

/**
 * A part of the statement that writes a batch: a common table expression over arrays. Which parts a statement has depends on
 * what there is to write, so that a small batch does not pay for all of them.
 *
 * Parts may use `verdict (ok, now_ms)`, and write nothing when the verdict is not ok.
 */
export interface WritePart {
  /** One letter, part of the statement's name. */
  readonly key: string
  readonly isNeeded: (writing: Writing) => boolean
  /** `arrays` are the placeholders of the values. */
  readonly sql: (names: SqlNames, arrays: readonly string[]) => string
  readonly values: (writing: Writing) => readonly string[]
  /** A condition on what was written, for what may have changed since the verdict. */
  readonly allDone?: string
}

export const storedTexts = (texts: Iterable<string>): readonly string[] => Array.from(texts, toStoredText)
