import { activity, defineEntity, machineId, newestHashVersion, noTracer, rpc, silentLogger } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { prepareRequest, storedForm } from '../../src/client/prepared-request.ts'
import type { Ask, RequestMaker } from '../../src/client/prepared-request.ts'
import { RequestIds } from '../../src/client/request-ids.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'

const Till = defineEntity('Till', {
  methods: {
    take: activity<unknown, number>({ timeout: '7s', retention: '1 minute' }),
    look: rpc<unknown, number>(),
  },
})
const config = runnerConfig({ replyRetention: '1 minute', idempotencyRetention: '1 hour', callTimeout: '5s' })
const minute = 60_000
const hour = 60 * minute

function maker(): RequestMaker {
  const clock = new VirtualClock()
  const ids = new RequestIds(clock, silentLogger)
  ids.use(machineId(1))
  return { ids, clock, config, placement: { hashVersion: newestHashVersion, shardsPerGroup: 10 }, tracer: noTracer }
}

/** A call of a till, with these differences. */
function ask(name: 'take' | 'look', fields: Partial<Pick<Ask, 'input' | 'options' | 'scope'>> = {}): Ask {
  const target = { contract: Till, id: 'a', name, method: Till.methods[name] }
  return { target, input: 5, options: {}, scope: { origin: 'client', chain: [] }, ...fields }
}

it('gives each call an id of its own', () => {
  const make = maker()

  const ids = [1, 2, 3].map(() => prepareRequest(make, ask('look')).request.id)

  expect(new Set(ids).size).toBe(3)
})

it('names a call with a key by entity, method and key, and tells inputs apart', () => {
  const make = maker()
  const prepare = (name: 'take', key: string, input: unknown) =>
    prepareRequest(make, ask(name, { input, options: { idempotencyKey: key } })).request

  const first = prepare('take', 'k', { a: 1, b: 2 })

  expect(prepare('take', 'k', { b: 2, a: 1 })).toMatchObject({ id: first.id, digest: first.digest })
  expect(prepare('take', 'k', { a: 1, b: 3 }).id).toBe(first.id)
  expect(prepare('take', 'k', { a: 1, b: 3 }).digest).not.toEqual(first.digest)
  expect(prepare('take', 'other', { a: 1, b: 2 }).id).not.toBe(first.id)
})

it('takes the deadline of the call, of the method or of the runner, in this order', () => {
  const make = maker()
  const timeouts = [ask('take', { options: { timeout: '2s' } }), ask('take'), ask('look')].map(
    (each) => prepareRequest(make, each).request.timeoutMs,
  )

  expect(timeouts).toEqual([2000, 7000, 5000])
})

it('keeps replies for as long as retries may come', () => {
  const make = maker()
  const retention = (each: Ask): number => prepareRequest(make, each).request.retainMs

  expect(retention(ask('look'))).toBe(minute)
  expect(retention(ask('look', { options: { timeout: '1 minute' } }))).toBe(2 * minute)
  expect(retention(ask('take', { options: { idempotencyKey: 'k' } }))).toBe(minute)
})

it('keeps stored messages for longer, unless their method says for how long', () => {
  const make = maker()
  const retention = (each: Ask): number => storedForm(prepareRequest(make, each), undefined, config).retainMs

  expect(retention(ask('take'))).toBe(hour)
  expect(retention(ask('take', { options: { idempotencyKey: 'k' } }))).toBe(minute)
})

it('says of an entity that calls itself that it is itself', () => {
  const make = maker()
  const { address } = prepareRequest(make, ask('look')).request
  const other = { ...address, id: 'b' }
  const origins = [address, other].map(
    (caller) => prepareRequest(make, ask('look', { scope: { origin: 'entity', caller, chain: [] } })).request.origin,
  )

  expect(origins).toEqual(['self', 'entity'])
})

it.each([
  [ask('look', { options: { idempotencyKey: 'k' } }), 'CONFIG'],
  [ask('look', { options: { headers: { 'cruster-trace': 'x' } } }), 'CONFIG'],
  [ask('look', { options: { headers: { count: 7 as never } } }), 'CONFIG'],
  [ask('look', { input: () => {} }), 'CODEC'],
  [ask('look', { input: 'x'.repeat(5 * 1024 * 1024) }), 'PAYLOAD_TOO_LARGE'],
  [ask('look', { options: { timeout: 'soon' as never } }), 'CONFIG'],
])('refuses what cannot be sent (%#)', (each, code) => {
  expect(() => prepareRequest(maker(), each)).toThrow(expect.objectContaining({ code, outcome: 'not-started' }))
})
