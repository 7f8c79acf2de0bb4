import type { RequestId } from '@cruster/core'
import { StateUnusable, decode, encode } from '@cruster/core'
import type { ScheduleState } from './schedule-state.ts'
import { noSchedule } from './schedule-state.ts'

/** A schedule as it is stored: its state, and which messages it has sent itself, by what they are for. */
export interface StoredSchedule {
  readonly state: ScheduleState
  readonly messages: Readonly<Record<string, RequestId>>
}

/** Version of the form in which schedules are stored. */
const form = 1

export const nothingStored: StoredSchedule = { state: noSchedule, messages: {} }

export const wakeKey = (wake: number): string => `wake ${wake}`
export const runKey = (run: number, attempt: number): string => `run ${run} ${attempt}`

/** What the messages that a state still needs are for. */
export function neededMessages({ next, active }: ScheduleState): ReadonlySet<string> {
  const runs = active.map(({ run, attempt }) => runKey(run, attempt))
  return new Set(next === undefined ? runs : [wakeKey(next.wake), ...runs])
}

export function encodeSchedule(schedule: StoredSchedule): Uint8Array {
  return encode({ form, ...schedule })
}

/** @throws StateUnusable when a newer version of Cruster has stored it. */
export function decodeSchedule(bytes: Uint8Array, what: string): StoredSchedule {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by encodeSchedule
  const stored = decode(bytes) as { readonly form: number } & StoredSchedule
  if (stored.form === form) return { state: stored.state, messages: stored.messages }
  throw new StateUnusable(what, `its form is ${stored.form}, and this version of Cruster reads form ${form}`)
}
