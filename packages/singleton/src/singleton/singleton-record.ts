import { StateUnusable, decode, encode } from '@cruster/core'

/** How the last run that failed did so, for people. Times in milliseconds since 1970. */
export interface RecordedFailure {
  readonly name: string
  readonly message: string
  readonly at: number
}

/** What is stored of a singleton. */
export interface SingletonRecord {
  /** How many runs have begun, and how many have failed, since there is this singleton. */
  readonly runs: number
  readonly failures: number
  /** The last run: when, where and under which ownership it began. */
  readonly startedAt: number | undefined
  readonly runner: string | undefined
  readonly epoch: number | undefined
  /** When the last run that is known to have ended did. */
  readonly endedAt: number | undefined
  readonly lastFailure: RecordedFailure | undefined
  /** Of a job: when it was done. */
  readonly doneAt: number | undefined
}

/** Version of the form in which records are stored. */
const form = 1

export const noRecord: SingletonRecord = {
  runs: 0,
  failures: 0,
  startedAt: undefined,
  runner: undefined,
  epoch: undefined,
  endedAt: undefined,
  lastFailure: undefined,
  doneAt: undefined,
}

export function encodeRecord(record: SingletonRecord): Uint8Array {
  return encode({ form, record })
}

/** @throws StateUnusable when a newer version of Cruster has stored it. */
export function decodeRecord(bytes: Uint8Array, what: string): SingletonRecord {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by encodeRecord
  const stored = decode(bytes) as { readonly form: number; readonly record: SingletonRecord }
  if (stored.form === form) return stored.record
  throw new StateUnusable(what, `its form is ${stored.form}, and this version of Cruster reads form ${form}`)
}
