import { activity, rpc } from '@cruster/core'
import type { ConfigError } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import { defineActivityGroup } from '../../src/contract/activity-group.ts'
import { executionIdOf, keyedExecutionId } from '../../src/contract/execution-id.ts'
import { signal } from '../../src/contract/signal.ts'
import { typed } from '../../src/contract/typed.ts'
import { defineWorkflow } from '../../src/define-workflow.ts'

const Stock = defineActivityGroup('Stock', { activities: { reserve: activity<string, number>() } })

function problem(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as ConfigError).message
  }
  return 'nothing was thrown'
}

describe('a contract of a workflow', () => {
  it('is frozen at every part, and has defaults', () => {
    const contract = defineWorkflow('Order', { groups: [Stock], signals: { go: signal() } })

    expect(Object.isFrozen(contract) && Object.isFrozen(contract.groups) && Object.isFrozen(contract.signals)).toBe(
      true,
    )
    expect(contract).toMatchObject({ kind: 'workflow', name: 'Order', version: 1, activities: {} })
    expect(contract.settings).toEqual({ shardGroup: 'default', retentionMs: 30 * 24 * 3_600_000 })
  })

  it.each([
    [() => defineWorkflow('1st'), '"1st" cannot name a workflow'],
    [() => defineWorkflow('a/b'), '"a/b" cannot name a workflow'],
    [() => defineWorkflow('Order', { version: 0 }), 'version of Order must be a whole number from 1; it is 0.'],
    [() => defineWorkflow('Order', { retention: -1 }), 'was given as the retention'],
    [() => defineWorkflow('Order', { shardGroup: 'a b' }), '"a b" cannot name a shard group'],
    [() => defineWorkflow('Order', { activities: { sleep: activity() } as never }), 'has an operation of this name'],
    [() => defineWorkflow('Order', { activities: { toString: activity() } }), '"toString" cannot name an activity'],
    [() => defineWorkflow('Order', { activities: { ask: rpc() as never } }), 'ask of Order is declared as rpc'],
    [
      () => defineWorkflow('Order', { groups: [Stock], activities: { reserve: activity() } as never }),
      'two activities named reserve: from Order and from Stock. Rename one.',
    ],
    [() => defineActivityGroup('', { activities: {} }), '"" cannot name an activity group'],
    [() => activity({ retry: { attempts: 0 } }), 'retry.attempts must be a whole number from 1, or Infinity; it is 0.'],
    [() => activity({ retry: { attempts: 2, jitter: 2 } }), 'retry.jitter must be a number from 0 to 1; it is 2.'],
    [() => activity({ retry: { attempts: 2, factor: 0 } }), 'retry.factor must be a number from 1; it is 0.'],
    [
      () => activity({ retry: { attempts: 2, initial: '1m', maximum: '1s' } }),
      'retry.maximum must be at least as long as retry.initial; it is 1s.',
    ],
  ])('says what cannot work: %1$s', (act, message) => {
    expect(problem(act)).toContain(message)
  })
})

describe('an implementation', () => {
  const Order = defineWorkflow('Order', {
    input: typed<string>(),
    output: typed<number>(),
    activities: { charge: activity<string, number>() },
    groups: [Stock],
  })
  const stock = Stock.implement({ reserve: () => 1 })

  it.each([
    [() => Order.implement({ activities: { charge: () => 1 }, groups: [stock] } as never), 'Order has no body'],
    [() => Order.implement({ groups: [stock], run: () => 1 } as never), 'Order has no handler for: charge.'],
    [
      () => Order.implement({ activities: { charge: () => 1, more: () => 1 }, groups: [stock], run: () => 1 } as never),
      'Order has handlers for activities that it does not declare: more.',
    ],
    [
      () => Order.implement({ activities: { charge: () => 1 }, run: () => 1 } as never),
      'Order uses the group Stock, which has no implementation. Pass it: implement({ groups: [ … ], … }).',
    ],
    [() => Stock.implement({} as never), 'Stock has no handler for: reserve.'],
  ])('says what is missing: %1$s', (act, message) => {
    expect(problem(act)).toContain(message)
  })

  it('has the activities of its groups by name', () => {
    const order = Order.implement({ activities: { charge: () => 1 }, groups: [stock], run: () => 1 })

    expect([...order.program.activities.keys()]).toEqual(['charge', 'reserve'])
    expect(order.program).toMatchObject({ workflow: 'Order', version: 1 })
  })

  it('makes its handlers from what they need, once', () => {
    let made = 0
    const ready = Order.implement((deps: { price: number }) => {
      made += 1
      return { activities: { charge: () => deps.price }, groups: [stock], run: () => 1 }
    }).with({ price: 7 })

    expect(ready.program.activities.get('charge')?.handler({} as never, 'x')).toBe(7)
    expect(made).toBe(1)
  })
})

describe('an execution id', () => {
  const Keyed = defineWorkflow('Keyed', { input: typed<{ id: unknown }>(), key: ({ id }) => id })
  const Hashed = defineWorkflow('Hashed', { input: typed<unknown>() })

  it('is the key when that is a text', () => {
    expect(executionIdOf(Keyed, { id: 'order-7' })).toBe('order-7')
  })

  it('is the same for equal data, whatever the order of its fields', () => {
    expect(executionIdOf(Hashed, { a: 1, b: [2] })).toBe(executionIdOf(Hashed, { b: [2], a: 1 }))
    expect(executionIdOf(Hashed, { a: 1 })).not.toBe(executionIdOf(Hashed, { a: 2 }))
    expect(executionIdOf(Hashed, { a: 1 })).toBe('xVZRH6xk2CL3Rt5m-KaBSx664g1bBzms0GT4PdKvdZg')
  })

  it('is made of other data by a hash, so that 7 and "7" are two', () => {
    expect(executionIdOf(Keyed, { id: 7 })).toMatch(/^[\w-]{43}$/u)
    expect(keyedExecutionId('Keyed', 7)).not.toBe(keyedExecutionId('Keyed', '7'))
  })

  it.each([
    [undefined, 'The key of Keyed is undefined'],
    ['', 'must be a text of 1 to 512 characters; it has 0 characters'],
    ['x'.repeat(513), 'it has 513 characters'],
  ])('is refused when nothing can be named by it: %1$s', (id, message) => {
    expect(problem(() => executionIdOf(Keyed, { id }))).toContain(message)
  })
})
