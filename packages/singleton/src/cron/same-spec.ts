import { encodeCanonical } from '@cruster/core'
import type { ScheduleSpec } from './schedule-state.ts'

/** Whether two schedules say the same. */
export function sameSpec(one: ScheduleSpec | undefined, other: ScheduleSpec | undefined): boolean {
  const [a, b] = [encodeCanonical(one), encodeCanonical(other)]
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
