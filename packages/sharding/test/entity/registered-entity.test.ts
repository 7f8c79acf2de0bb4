import { ConfigError, activity, defineEntity, defineTrait, memory, rpc, workflow } from '@cruster/core'
import { expect, it } from 'vitest'
import { registerEntity } from '../../src/entity/registered-entity.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'

const config = runnerConfig({ mailboxCapacity: 50, maxIdleTime: '10s' })

it('takes settings of the contract, and those of the runner where it has none', () => {
  const own = defineEntity('Own', { methods: { ping: rpc() }, mailboxCapacity: 5, maxIdleTime: '1s', concurrency: 3 })
  const plain = defineEntity('Plain', { methods: { ping: rpc() } })

  expect(registerEntity(own.implement({ ping: () => {} }), undefined, config)).toMatchObject({
    mailboxCapacity: 5,
    maxIdleMs: 1000,
    concurrency: 3,
    storedConcurrency: 3,
  })
  expect(registerEntity(plain.implement({ ping: () => {} }), undefined, config)).toMatchObject({
    mailboxCapacity: 50,
    maxIdleMs: 10_000,
    stateKind: 'none',
    concurrency: 1,
    storedConcurrency: 1,
  })
})

it('runs rpcs of an entity with state beside each other, and its stored messages one by one', () => {
  const Stateful = defineEntity('Stateful', { state: () => ({}), methods: { ping: rpc() } })

  expect(registerEntity(Stateful.implement({ ping: () => {} }), undefined, config)).toMatchObject({
    stateKind: 'persisted',
    concurrency: Infinity,
    storedConcurrency: 1,
  })
})

const Log = defineTrait('Log', { state: () => ({ lines: [] as string[] }), methods: { write: activity<string>() } })
const log = Log.implement({ write: () => {} })

it('collects methods and state of the entity and of its traits', () => {
  const Composed = defineEntity('Composed', { state: () => ({}), traits: [Log], methods: { ping: rpc() } })

  const entity = registerEntity(Composed.implement({ ping: () => {} }, { traits: [log] }), undefined, config)

  expect([...entity.methods].map(([name, { part }]) => [name, part])).toEqual([
    ['ping', ''],
    ['write', 'Log'],
  ])
  expect([...entity.parts.keys()]).toEqual(['', 'Log'])
})

it('refuses to keep one part in memory and another in storage', () => {
  const Mixed = defineEntity('Mixed', { state: memory(() => ({})), traits: [Log], methods: { ping: rpc() } })
  const mixed = Mixed.implement({ ping: () => {} }, { traits: [log] })

  expect(() => registerEntity(mixed, undefined, config)).toThrow(ConfigError)
  expect(() => registerEntity(mixed, undefined, config)).toThrow('Mixed mixes persisted state and memory state')
})

it('refuses a workflow method that nothing here can run', () => {
  const Flow = defineEntity('Flow', { methods: { run: workflow() } })

  expect(() => registerEntity(Flow.implement({ run: () => {} }), undefined, config)).toThrow('run is a workflow method')
})

it('refuses handlers that do not match the contract', () => {
  const Plain = defineEntity('Plain', { methods: { ping: rpc(), pong: rpc() } })

  const register = (handlers: object): unknown => registerEntity(Plain.implement(handlers as never), undefined, config)

  expect(() => register({ ping: () => {} })).toThrow('Plain has no handler for: pong')
  expect(() => register({ ping: () => {}, pong: () => {}, pang: () => {} })).toThrow('does not declare: pang')
})

it('makes handlers of the dependencies that are given', () => {
  const Plain = defineEntity('Plain', { methods: { ping: rpc<void, string>() } })
  const plain = Plain.implement((word: string) => ({ ping: () => word }))

  const entity = registerEntity(plain, 'hello', config)

  expect(entity.methods.get('ping')?.handler(undefined, undefined)).toBe('hello')
})
