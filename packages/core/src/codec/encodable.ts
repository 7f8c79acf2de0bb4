/** Deeper values are refused, so that no input can exhaust the stack. */
export const maxDepth = 200

const loneSurrogate = /\p{Surrogate}/u

/** Thrown for a value that is no plain data. It does not say where: only then is it worth a search. */
export class Unencodable extends TypeError {}

/** On its way through the encoder: what MessagePack has no type for, and the library would take for something else. */
export class Extended {
  readonly value: undefined | bigint

  constructor(value: undefined | bigint) {
    this.value = value
  }
}

/** Whether a string survives: half of a surrogate pair has no UTF-8. */
export function isEncodableText(text: string): boolean {
  return !loneSurrogate.test(text)
}

export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * A value as the encoder is to see it. The library itself would take instances of classes apart without a word.
 *
 * @throws Unencodable
 */
export function encodable(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'object':
      return value === null ? null : encodableObject(value, depth + 1)
    case 'string':
      return isEncodableText(value) ? value : refuse()
    case 'undefined':
    case 'bigint':
      return new Extended(value)
    case 'function':
    case 'symbol':
      return refuse()
    default:
      return value
  }
}

function refuse(): never {
  throw new Unencodable()
}

function encodableObject(value: object, depth: number): unknown {
  if (depth > maxDepth) refuse()
  if (Array.isArray(value)) return encodableItems(value, depth)
  if (isPlainObject(value)) return encodableFields(value, depth)
  if (value instanceof Uint8Array || value instanceof Date) return value
  if (value instanceof Set) return new Set([...value].map((item) => encodable(item, depth)))
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [encodable(key, depth), encodable(item, depth)]))
  }
  return refuse()
}

/** Copies only when an item changes: most data is plain all through. */
function encodableItems(items: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < items.length; index++) {
    const item = encodable(items[index], depth)
    if (item !== items[index]) (copy ??= [...items])[index] = item
  }
  return copy ?? items
}

function encodableFields(fields: Readonly<Record<string, unknown>>, depth: number): object {
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(fields)) {
    if (key === '__proto__' || !isEncodableText(key)) refuse()
    const field = encodable(fields[key], depth)
    if (field !== fields[key]) (copy ??= { ...fields })[key] = field
  }
  return copy ?? fields
}

/** Whether all keys in an encodable value are in the order of canonical data for certain. */
export function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  if (Array.isArray(value)) return value.every(hasSortedKeys)
  if (!isPlainObject(value)) return value instanceof Date
  let last: string | undefined
  for (const key of Object.keys(value)) {
    if ((last !== undefined && last > key) || !hasSortedKeys(value[key])) return false
    last = key
  }
  return true
}
