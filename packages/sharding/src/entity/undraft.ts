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
  let clean: unknown[] | undefined
  for (let index = 0; index < items.length; index += 1) {
    const item = undraft(items[index])
    if (item !== items[index]) (clean ??= [...items])[index] = item
  }
  return clean ?? items
}

function undraftObject(value: Readonly<Record<string, unknown>>): object {
  let clean: Record<string, unknown> | undefined
  for (const key of Object.keys(value)) {
    const item = undraft(value[key])
    if (item !== value[key]) (clean ??= { ...value })[key] = item
  }
  return clean ?? value
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
