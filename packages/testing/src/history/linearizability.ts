import { isDeepStrictEqual } from 'node:util'
import type { Operation } from './operation.ts'
import type { SequentialModel } from './sequential-model.ts'

/**
 * - `linearizable`: there is an order of the operations, each at one moment between its begin and its end, in which the model
 *   answers as the entity did.
 * - `violated`: there is none.
 * - `undecided`: the search was given up after too many steps.
 */
export type Verdict = 'linearizable' | 'violated' | 'undecided'

/** Pairs of a set of operations and a state that are looked at before the search is given up. */
const mostStates = 100_000

interface Entry {
  readonly operation: Operation
  readonly bit: bigint
  readonly startedAt: number
  /** Infinity when it is not known to have taken effect: it may do so at any later time, or never. */
  readonly endedAt: number
  readonly isCertain: boolean
}

/**
 * Whether the operations of one entity are linearizable: the search of Wing and Gong, which does not look twice at the same state
 * after the same operations (Lowe). Operations of unknown outcome may take effect at any time from their begin on, or never.
 * Refused ones must not.
 */
export function linearizability<State>(operations: readonly Operation[], model: SequentialModel<State>): Verdict {
  const entries = entriesOf(operations)
  const certain = entries.reduce((set, { isCertain, bit }) => (isCertain ? set | bit : set), 0n)
  const seen = new Set<string>()
  const stack: Node<State>[] = [{ done: 0n, state: model.initial }]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ((node.done & certain) === certain) return 'linearizable'
    const key = `${node.done.toString(36)} ${JSON.stringify(node.state)}`
    if (seen.has(key)) continue
    if (seen.add(key).size > mostStates) return 'undecided'
    for (const next of successors(node, entries, model)) stack.push(next)
  }
  return 'violated'
}

interface Node<State> {
  readonly done: bigint
  readonly state: State
}

function entriesOf(operations: readonly Operation[]): readonly Entry[] {
  return operations
    .filter(({ outcome }) => outcome.kind === 'returned' || outcome.kind === 'unknown')
    .map((operation, index) => {
      const isCertain = operation.outcome.kind === 'returned'
      const endedAt = isCertain ? (operation.endedAt ?? Infinity) : Infinity
      return { operation, bit: 1n << BigInt(index), startedAt: operation.startedAt, endedAt, isCertain }
    })
}

/** One step from here: each operation that may be the next, and is answered by the model as it was. */
function successors<State>(
  { done, state }: Node<State>,
  entries: readonly Entry[],
  model: SequentialModel<State>,
): readonly Node<State>[] {
  const left = entries.filter(({ bit }) => (done & bit) === 0n)
  // Nothing can come before an operation that had ended when it began.
  const firstEnd = Math.min(...left.map(({ endedAt }) => endedAt))
  const next: Node<State>[] = []
  for (const { operation, bit, startedAt, isCertain } of left) {
    if (startedAt > firstEnd) break
    const step = model.step(state, operation)
    const { outcome } = operation
    // What changes nothing and is not known to have happened need not be placed.
    const fits = isCertain
      ? outcome.kind === 'returned' && isDeepStrictEqual(step.value, outcome.value)
      : !isDeepStrictEqual(step.state, state)
    if (fits) next.push({ done: done | bit, state: step.state })
  }
  // Those that are known to have happened are tried first.
  return next.toReversed()
}
