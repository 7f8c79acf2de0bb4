import { activity, defineEntity, stream } from '@cruster/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { startCluster } from './start-cluster.ts'

const Press = defineEntity('Press', {
  maxIdleTime: '10s',
  methods: {
    print: activity({ output: z.object({ pages: z.number() }) }),
    wrap: activity<void, unknown>(),
    feed: stream({ input: z.number().positive(), output: z.number() }),
  },
})

const press = Press.implement({
  print: () => JSON.parse('{"pages":"two"}'),
  wrap: () => () => 1,
  async *feed(_context, from) {
    yield from
    yield JSON.parse('"two"')
  },
})

it('says that the handler ran when its output does not fit or cannot be encoded', async () => {
  const cluster = await startCluster({ register: [press] })
  const a = cluster.client(Press).get('a')

  await expect(a.print()).rejects.toMatchObject({ code: 'VALIDATION', outcome: 'failed' })
  await expect(a.wrap()).rejects.toMatchObject({ code: 'CODEC', outcome: 'failed' })
})

it('ends a stream at a value that does not fit, after those before it', async () => {
  const cluster = await startCluster({ register: [press] })
  const values = cluster.client(Press).get('a').feed(1)[Symbol.asyncIterator]()

  expect(await values.next()).toEqual({ done: false, value: 1 })
  await expect(values.next()).rejects.toMatchObject({ code: 'VALIDATION', outcome: 'failed' })
})

it('does not keep an entity in memory for a stream whose input did not fit', async () => {
  const cluster = await startCluster({ register: [press] })
  const [runner] = cluster.runners

  await expect(cluster.client(Press).get('a').feed(-1)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'VALIDATION',
    outcome: 'not-started',
  })
  await cluster.clock.advance('1 minute')

  expect(runner?.runner.sharding.activeEntityCount).toBe(0)
})
