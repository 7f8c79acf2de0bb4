import { activity, defineEntity, persisted, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { Counter, counter } from './counter.ts'
import { startCluster } from './start-cluster.ts'

const Tank = defineEntity('Tank', {
  state: persisted({
    initial: (id) => ({ litres: id === 'broken' ? -1 : 0 }),
    schema: z.object({ litres: z.number().min(0) }),
  }),
  methods: { fill: activity<number, number>(), level: rpc<void, number>(), relay: activity<string>() },
})

const tank = Tank.implement({
  fill: ({ state }, litres) => (state.litres += litres),
  level: ({ state }) => state.litres,
  relay: async ({ client }, id) => {
    await client(Counter).get(id).increment(1, { timeout: '1s' })
  },
})

it('refuses an activity whose state does not fit its schema, and keeps the state before', async () => {
  const cluster = await startCluster({ register: [tank] })
  const a = cluster.client(Tank).get('a')
  await a.fill(3)

  await expect(a.fill(-5)).rejects.toMatchObject({ code: 'VALIDATION', outcome: 'failed' })

  expect(await a.level()).toBe(3)
  expect(await a.fill(1)).toBe(4)
})

it('does not activate an entity whose first state does not fit its schema', async () => {
  const cluster = await startCluster({ register: [tank] })

  await expect(cluster.client(Tank).get('broken').level()).rejects.toMatchObject({ code: 'STATE_UNUSABLE' })
})

it('does not pass the outcome of an inner call off as that of the outer one', async () => {
  const cluster = await startCluster({ register: [tank] })

  const relayed = cluster.client(Tank).get('a').relay('b')

  await expect(relayed).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND', outcome: 'failed' })
})

it('tells who aborted a call why it ended', async () => {
  const cluster = await startCluster({ register: [counter] })
  const reason = new Error('the user has left')

  const call = cluster
    .client(Counter)
    .get('a')
    .increment(1, { signal: AbortSignal.abort(reason) })

  await expect(call).rejects.toMatchObject({ code: 'INTERRUPTED', cause: reason })
})

it('keeps the stack of an undeclared error in its log', async () => {
  const Grumpy = defineEntity('Grumpy', { methods: { grumble: rpc() } })
  const grumpy = Grumpy.implement({
    grumble: () => {
      throw new Error('not today')
    },
  })
  const cluster = await startCluster({ runners: 1, register: [grumpy] })

  await expect(cluster.client(Grumpy).get('a').grumble()).rejects.toMatchObject({ remoteMessage: 'not today' })

  const line = cluster.log.find(({ message }) => message.includes('does not declare'))
  expect(line?.fields).toMatchObject({ error: expect.objectContaining({ stack: expect.stringContaining('grumble') }) })
})
