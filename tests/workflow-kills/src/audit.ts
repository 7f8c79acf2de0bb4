import { expectedOf, type Ending, type Kind } from './expected.ts'

/** An execution that was started, with how it ended; undefined: it has not. */
export interface Ended {
  readonly kind: Kind
  readonly execution: string
  readonly ending: Ending | undefined
}

/** Everything that is wrong, as sentences. `effects` are the rows in PostgreSQL, as `execution: step`. */
export function audit(executions: readonly Ended[], effects: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const effect of effects) counts.set(effect, (counts.get(effect) ?? 0) + 1)
  const wrong = executions.flatMap((execution) => wrongOf(execution, counts))
  const expected = new Set(executions.flatMap(({ kind, execution }) => expectedOf(kind, execution).effects))
  const unknown = [...counts.keys()].filter((effect) => !expected.has(effect))
  return [...wrong, ...unknown.map((effect) => `${effect}: nobody should have done this`)]
}

function wrongOf({ kind, execution, ending }: Ended, counts: ReadonlyMap<string, number>): readonly string[] {
  const expected = expectedOf(kind, execution)
  const times = (effect: string): number => counts.get(effect) ?? 0
  return [
    ...wrongEnding(`${kind} ${execution}`, expected.ending, ending),
    ...expected.effects.filter((effect) => times(effect) !== 1).map((effect) => `${effect}: ${times(effect)} times`),
  ]
}

function wrongEnding(name: string, expected: Ending, ending: Ending | undefined): readonly string[] {
  if (ending === undefined) return [`${name}: has not ended`]
  return isAsExpected(expected, ending) ? [] : [`${name}: ended with ${JSON.stringify(ending)}`]
}

/** A message may have more around what the handler said. */
function isAsExpected(expected: Ending, ending: Ending): boolean {
  if (expected.kind === 'completed') return ending.kind === 'completed' && ending.output === expected.output
  return ending.kind === 'failed' && ending.message.includes(expected.message)
}
