import { current, isDraft } from 'immer'

/**
 * A value without drafts in it: what an activity returns or sends may point into its draft, which ends with it.
 * Copies only what holds a draft.
 */
export function undraft(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isDraft(value)) return current(value)
  if (Array.isArray(value)) return undraftArray(value)
  return isPlain(value) ? undraftObject(value) : value
}

function undraftArray(items: readonly unknown[]): readonly unknown[] {
  const clean = items.map(undraft)
  return clean.some((item, index) => item !== items[index]) ? clean : items
}

function undraftObject(value: object): object {
  const entries = Object.entries(value)
  const clean = entries.map(([key, item]) => [key, undraft(item)] as const)
  return clean.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(clean) : value
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
