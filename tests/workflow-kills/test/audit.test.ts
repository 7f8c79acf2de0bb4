import { describe, expect, it } from 'vitest'
import { audit, type Ended } from '../src/audit.ts'
import { expectedOf, kinds } from '../src/expected.ts'

const asExpected: readonly Ended[] = kinds.map((kind) => ({
  kind,
  execution: kind,
  ending: expectedOf(kind, kind).ending,
}))
const effects = kinds.flatMap((kind) => expectedOf(kind, kind).effects)

describe('the audit of executions', () => {
  it('has nothing to say when all is as it must be', () => {
    expect(audit(asExpected, effects)).toEqual([])
  })

  it('names an effect that is missing, one that is there twice, and one that nobody should have done', () => {
    const [, ...rest] = effects
    expect(audit(asExpected, rest)).toEqual(['Order: reserve: 0 times'])
    expect(audit(asExpected, [...effects, 'Order: ship'])).toEqual(['Order: ship: 2 times'])
    expect(audit(asExpected, [...effects, 'Order: return'])).toEqual(['Order: return: nobody should have done this'])
  })

  it('names an execution that has not ended, and one that ended otherwise', () => {
    const [order, ...rest] = asExpected as readonly [Ended, ...Ended[]]
    expect(audit([{ ...order, ending: undefined }, ...rest], effects)).toEqual(['Order Order: has not ended'])
    const failed = { kind: 'failed', message: 'no' } as const
    expect(audit([{ ...order, ending: failed }, ...rest], effects)).toEqual([
      'Order Order: ended with {"kind":"failed","message":"no"}',
    ])
  })
})
