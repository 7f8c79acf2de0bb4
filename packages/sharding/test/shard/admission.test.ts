import { activity, defineEntity, isCrusterError, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import type { Request } from '../../src/connection/endpoint.ts'
import { registerEntity } from '../../src/entity/registered-entity.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'
import { admit } from '../../src/shard/admission.ts'
import { request } from '../connection/request.ts'

const Counter = defineEntity('Counter', {
  state: () => ({}),
  methods: {
    increment: activity(),
    peek: rpc(),
    guarded: rpc({ visibility: 'protected' }),
    own: rpc({ visibility: 'private' }),
  },
})
const Plain = defineEntity('Counter', { methods: { increment: activity(), peek: rpc() } })
const handlers = { increment: () => {}, peek: () => {} }
const counter = registerEntity(
  Counter.implement({ ...handlers, guarded: () => {}, own: () => {} }),
  undefined,
  runnerConfig(),
)
const plain = registerEntity(Plain.implement(handlers), undefined, runnerConfig())

/** `admitted`, or the code of the refusal. */
function decision(fields: Partial<Request>, entity: typeof counter | undefined = counter): string {
  const admitted = admit(request(fields), entity)
  return isCrusterError(admitted) ? admitted.code : 'admitted'
}

it('refuses a type that is not registered', () => {
  expect(admit(request(), undefined)).toMatchObject({ code: 'ENTITY_NOT_FOUND', outcome: 'not-started' })
})

it('refuses a method that does not exist', () => {
  expect(decision({ method: 'fly' })).toBe('METHOD_NOT_FOUND')
})

it('shows each caller what is visible to it, and to others not even that it exists', () => {
  const table = (['client', 'entity', 'self'] as const).map((origin) =>
    ['peek', 'guarded', 'own'].map((method) => decision({ origin, method })),
  )

  expect(table).toEqual([
    ['admitted', 'METHOD_NOT_FOUND', 'METHOD_NOT_FOUND'],
    ['admitted', 'admitted', 'METHOD_NOT_FOUND'],
    ['admitted', 'admitted', 'admitted'],
  ])
})

it('refuses a call that would wait for itself', () => {
  const chain = ['Other/b (activity)', 'Counter/a (activity)']

  expect(admit(request({ chain }), counter)).toMatchObject({ code: 'CALL_CYCLE' })
  expect(decision({ chain: ['Counter/b (activity)'] })).toBe('admitted')
})

it('admits what does not wait: rpcs beside an activity, and one-way messages', () => {
  const chain = ['Counter/a (activity)', 'Counter/a (rpc)']

  expect(decision({ chain, method: 'peek' })).toBe('admitted')
  expect(decision({ chain, oneWay: true })).toBe('admitted')
})

it('refuses an rpc that would wait for another where rpcs run one at a time', () => {
  expect(decision({ chain: ['Counter/a (rpc)'], method: 'peek' }, plain)).toBe('CALL_CYCLE')
})
