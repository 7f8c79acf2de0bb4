/** How a method was used. */
export type OperationKind = 'call' | 'notify' | 'schedule' | 'cancel' | 'stream'

/**
 * How an operation ended, as its caller saw it.
 *
 * - `returned`, `threw`: its handler ran, to this end.
 * - `refused`: it did not take effect and never will; so the error says.
 * - `unknown`: it may have taken effect, may yet, or never will.
 */
export type OperationOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: Error }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown }

/** One use of an entity by one caller. Times are in virtual milliseconds. */
export interface Operation {
  readonly index: number
  readonly caller: string
  readonly kind: OperationKind
  readonly type: string
  readonly id: string
  readonly method: string
  readonly input: unknown
  readonly key: string | undefined
  readonly startedAt: number
  /** By when it has to have ended; undefined where nothing is promised. */
  deadline: number | undefined
  endedAt: number | undefined
  /** `unknown` until it has ended. */
  outcome: OperationOutcome
  /** Of a stream: the values that have arrived. */
  readonly values: unknown[]
}

/** `Counter/a`: as entities are named in traces. */
export function entityOf({ type, id }: Pick<Operation, 'type' | 'id'>): string {
  return `${type}/${id}`
}

/** An operation in a line. */
export function describeOperation(operation: Operation): string {
  const { caller, kind, method, input, key } = operation
  const how = kind === 'call' ? '' : `${kind} `
  const under = key === undefined ? '' : ` key ${key}`
  return `${caller}: ${how}${entityOf(operation)} ${method}(${shown(input)})${under}`
}

/** How it ended, in a few words. */
export function describeOutcome({ kind, outcome, values }: Operation): string {
  if (kind === 'stream') return `${outcome.kind} after ${values.length} values`
  switch (outcome.kind) {
    case 'returned':
      return `→ ${shown(outcome.value)}`
    case 'threw':
      return `threw ${outcome.error.message}`
    case 'refused':
    case 'unknown':
      return `${outcome.kind}: ${errorName(outcome.error)}`
  }
}

const shown = (value: unknown): string => JSON.stringify(value) ?? ''
const errorName = (error: unknown): string => (error instanceof Error ? error.name : String(error))
