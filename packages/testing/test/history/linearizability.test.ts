import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { linearizability } from '../../src/history/linearizability.ts'
import { Dice } from '../../src/simulation/dice.ts'
import type { Operation } from '../../src/history/operation.ts'
import { counterModel, queueModel, registerModel } from '../../src/history/sequential-model.ts'
import type { SequentialModel } from '../../src/history/sequential-model.ts'

type Sketch = readonly [method: string, input: unknown, startedAt: number, endedAt: number | 'unknown', value?: unknown]

function operation([method, input, startedAt, end, value]: Sketch, index: number): Operation {
  const isKnown = end !== 'unknown'
  return {
    index,
    caller: 'client',
    kind: 'call',
    type: 'Thing',
    id: 'a',
    method,
    input,
    key: undefined,
    startedAt,
    deadline: undefined,
    endedAt: isKnown ? end : undefined,
    outcome: isKnown ? { kind: 'returned', value } : { kind: 'unknown', error: undefined },
    values: [],
  }
}

const history = (sketches: readonly Sketch[]): readonly Operation[] =>
  sketches.toSorted((one, other) => one[2] - other[2]).map(operation)

describe('a register', () => {
  const judge = (...sketches: readonly Sketch[]): string => linearizability(history(sketches), registerModel)

  it('may order writes that overlap as reads demand', () => {
    expect(judge(['write', 'x', 0, 10], ['write', 'y', 1, 9], ['read', undefined, 11, 12, 'x'])).toBe('linearizable')
  })

  it('does not forget a write that had ended', () => {
    expect(judge(['write', 'x', 0, 1], ['read', undefined, 2, 3, null])).toBe('violated')
  })

  it('does not go back to an older value', () => {
    const write: Sketch = ['write', 'x', 0, 10]
    expect(judge(write, ['read', undefined, 1, 2, 'x'], ['read', undefined, 3, 4, null])).toBe('violated')
  })

  it('may show a write of unknown outcome late, or never', () => {
    const write: Sketch = ['write', 'x', 0, 'unknown']
    expect(judge(write, ['read', undefined, 50, 51, null], ['read', undefined, 60, 61, 'x'])).toBe('linearizable')
    expect(judge(write, ['read', undefined, 50, 51, null])).toBe('linearizable')
  })

  it('never shows a write of unknown outcome and hides it again', () => {
    const write: Sketch = ['write', 'x', 0, 'unknown']
    expect(judge(write, ['read', undefined, 50, 51, 'x'], ['read', undefined, 60, 61, null])).toBe('violated')
  })
})

describe('a queue', () => {
  it('gives no item out twice', () => {
    const sketches: Sketch[] = [
      ['enqueue', 'x', 0, 1, 1],
      ['dequeue', undefined, 2, 9, 'x'],
      ['dequeue', undefined, 3, 8, 'x'],
    ]
    expect(linearizability(history(sketches), queueModel)).toBe('violated')
  })
})

/** Tries every order of every choice of the unknown ones. */
function bruteForce<State>(operations: readonly Operation[], model: SequentialModel<State>): boolean {
  const search = (state: State, left: readonly Operation[]): boolean => {
    if (left.every(({ outcome }) => outcome.kind === 'unknown')) return true
    return left.some((next) => {
      const others = left.filter((other) => other !== next)
      if (others.some(({ endedAt }) => endedAt !== undefined && endedAt < next.startedAt)) return false
      const step = model.step(state, next)
      const { outcome } = next
      const fits = outcome.kind !== 'returned' || isDeepStrictEqual(outcome.value, step.value)
      return fits && search(step.state, others)
    })
  }
  return search(model.initial, operations)
}

function drawSketch(dice: Dice): Sketch {
  const method = dice.pick(['increment', 'get'])
  const input = method === 'get' ? undefined : dice.whole(1, 2)
  const start = dice.whole(0, 12)
  if (dice.chance(0.4)) return [method, input, start, 'unknown']
  return [method, input, start, start + dice.whole(0, 12), dice.whole(0, 4)]
}

it('agrees with trying every order', () => {
  const verdicts = new Set<string>()
  for (let seed = 1; seed <= 3000; seed += 1) {
    const dice = new Dice(seed)
    const operations = history(Array.from({ length: dice.whole(1, 6) }, () => drawSketch(dice)))
    const expected = bruteForce(operations, counterModel) ? 'linearizable' : 'violated'
    verdicts.add(expected)
    expect([seed, linearizability(operations, counterModel)]).toEqual([seed, expected])
  }
  expect(verdicts.size).toBe(2)
})
