import { isEncodableText, isPlainObject, maxDepth } from './encodable.ts'

/**
 * Says which part of a value cannot be encoded, and why: `input.items[3].price is a function`. Undefined when it finds
 * nothing wrong. Slow, because it keeps track of where it is: called only after encoding has failed.
 */
export function explainUnencodable(value: unknown, path: string): string | undefined {
  return explain(value, path, [])
}

function explain(value: unknown, path: string, ancestors: readonly unknown[]): string | undefined {
  if (typeof value !== 'object' || value === null) return explainPrimitive(value, path)
  const reason = explainShape(value, path, ancestors)
  if (reason !== undefined) return reason
  for (const [partPath, part] of partsOf(value, path) ?? []) {
    const deeper = explain(part, partPath, [...ancestors, value])
    if (deeper !== undefined) return deeper
  }
  return undefined
}

function explainPrimitive(value: unknown, path: string): string | undefined {
  if (typeof value === 'function') return `${path} is a function`
  if (typeof value === 'symbol') return `${path} is a symbol`
  const isHalf = typeof value === 'string' && !isEncodableText(value)
  return isHalf ? `${path} is text with half of a surrogate pair` : undefined
}

/** What is wrong with an object itself, whatever it holds. */
function explainShape(value: object, path: string, ancestors: readonly unknown[]): string | undefined {
  if (ancestors.includes(value)) return `${path} contains itself`
  if (ancestors.length === maxDepth) return `${path.slice(0, 100)}… is nested deeper than ${maxDepth} levels`
  if (Object.hasOwn(value, '__proto__')) return `${path} has a field named __proto__`
  return partsOf(value, path) === undefined ? `${path} is ${instanceText(value)}` : undefined
}

type Part = readonly [path: string, part: unknown]

/** What a value consists of; undefined when it is of a class that has no encoding. */
function partsOf(value: object, path: string): readonly Part[] | undefined {
  if (Array.isArray(value)) return value.map((item: unknown, index): Part => [`${path}[${index}]`, item])
  if (isPlainObject(value)) return Object.entries(value).map(([key, part]): Part => [`${path}${keyText(key)}`, part])
  if (value instanceof Map) return mapParts(value, path)
  if (value instanceof Set) return [...value].map((item: unknown, index): Part => [`${path}{${index}}`, item])
  return value instanceof Uint8Array || value instanceof Date ? [] : undefined
}

function mapParts(map: ReadonlyMap<unknown, unknown>, path: string): readonly Part[] {
  return [...map].flatMap(([key, part]): Part[] => {
    const at = typeof key === 'string' || typeof key === 'number' ? String(key) : typeof key
    return [
      [`${path}{key ${at}}`, key],
      [`${path}{${at}}`, part],
    ]
  })
}

const keyText = (key: string): string => (/^[A-Za-z_$][\w$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)

function instanceText(value: object): string {
  if (value instanceof Promise) return 'a Promise, so an `await` is missing'
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class'
}
