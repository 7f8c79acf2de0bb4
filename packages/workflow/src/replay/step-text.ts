import type { Step, StepKind } from '../journal/journal-entry.ts'

/** Kinds whose name says more than the kind. */
const words: Partial<Record<StepKind, string>> = { call: 'call of', send: 'message to', childStart: 'start of child' }

/** A step for people: `activity charge (2nd)`. */
export function stepText({ kind, name }: Pick<Step, 'kind' | 'name'>, occurrence: number): string {
  const word = words[kind] ?? kind
  const what = name === '' ? word : `${word} ${name}`
  return occurrence > 1 ? `${what} (${ordinal(occurrence)})` : what
}

function ordinal(count: number): string {
  const lastTwo = count % 100
  const suffix = lastTwo >= 11 && lastTwo <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${suffix}`
}

export function hex(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
