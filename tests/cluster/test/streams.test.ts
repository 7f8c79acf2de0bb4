import { activity, defineEntity, error, rpc, stream } from '@cruster/core'
import { expect, it } from 'vitest'
import { collected } from './collected.ts'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Feed = defineEntity('Feed', {
  state: () => ({ posts: 0 }),
  errors: { Closed: error<{ after: number }>() },
  methods: {
    post: activity<void, number>(),
    numbers: stream<number, number>(),
    forever: stream<void, number>(),
    broken: stream<'declared' | 'plain', number>(),
    opened: rpc<void, number>(),
  },
})

/** A feed that counts what it has made, and which notices when nobody reads any more. */
function feedOf(log: string[]) {
  let made = 0
  return Feed.implement({
    post: ({ state }) => (state.posts += 1),
    async *numbers({ resume, epoch }, to) {
      const from = resume === undefined ? 0 : resume.received
      log.push(resume === undefined ? 'opened' : `resumed at ${resume.received} after ${resume.last}`)
      for (let value = from; value < to; value += 1) yield value
      log.push(`ended under ${epoch}`)
    },
    async *forever({ signal }) {
      signal.addEventListener('abort', () => log.push('aborted'))
      try {
        for (;;) yield (made += 1)
      } finally {
        log.push('closed')
      }
    },
    async *broken(_, how) {
      yield 1
      if (how === 'declared') throw new Feed.errors.Closed({ after: 1 })
      throw new Error('no paper')
    },
    opened: () => made,
  })
}

it('brings every value in order', async () => {
  const cluster = await startCluster({ register: [feedOf([])], runners: 2 })

  const values = await collected(cluster.client(Feed).get('a').numbers(1000))

  expect(values).toEqual(Array.from({ length: 1000 }, (_, index) => index))
})

it('makes no more values than its reader has room for', async () => {
  const cluster = await startCluster({ register: [feedOf([])], runners: 2 })
  const reader = cluster.client(Feed).get('a').forever()[Symbol.asyncIterator]()

  await reader.next()
  await cluster.clock.advance('10s')
  const made = await cluster.client(Feed).get('a').opened()
  await cluster.clock.advance('10s')

  expect(made).toBeLessThan(2000)
  expect(await cluster.client(Feed).get('a').opened()).toBe(made)
  await reader.return?.()
})

it('ends a stream that its reader leaves', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [feedOf(log)], runners: 2 })

  await collected(cluster.client(Feed).get('a').forever(), 3)
  await cluster.clock.runUntilIdle()

  expect(log.toSorted()).toEqual(['aborted', 'closed'])
})

it('ends a stream whose reader aborts', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [feedOf(log)], runners: 2 })
  const controller = new AbortController()
  const seen: number[] = []

  const reading = (async () => {
    for await (const value of cluster.client(Feed).get('a').forever(undefined, { signal: controller.signal })) {
      if (seen.push(value) === 5) controller.abort()
    }
  })()

  await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await cluster.clock.runUntilIdle()
  expect(log).toContain('closed')
})

it('resumes exactly after its line broke', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [feedOf(log)], runners: 2 })
  const values: number[] = []

  const reading = (async () => {
    for await (const value of cluster.client(Feed).get('a').numbers(500)) {
      values.push(value)
      if (value % 100 === 50) cluster.breakLines('client')
    }
  })()
  await cluster.settled(reading)

  expect(values).toEqual(Array.from({ length: 500 }, (_, index) => index))
  expect(log).toEqual(['opened', expect.stringContaining('ended')])
})

it('goes on at the new owner where its reader stopped, which the handler is told', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [feedOf(log)], runners: 3 })
  const door = gate()
  const values: number[] = []

  const reading = (async () => {
    for await (const value of cluster.client(Feed).get('a').numbers(3000)) {
      values.push(value)
      if (value === 100) await door.opened
    }
  })()
  await cluster.clock.runUntilIdle()
  await cluster.crash(cluster.ownerOf(Feed, 'a'))
  door.open()
  await cluster.settled(reading)

  expect(values).toEqual(Array.from({ length: 3000 }, (_, index) => index))
  expect(log[1]).toMatch(/^resumed at (\d+) after \d+$/u)
})

it('moves with its shard when the owner stops', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [feedOf(log)], runners: 3 })
  const door = gate()
  const values: number[] = []

  const reading = (async () => {
    for await (const value of cluster.client(Feed).get('a').numbers(3000)) {
      values.push(value)
      if (value === 100) await door.opened
    }
  })()
  await cluster.clock.runUntilIdle()
  await cluster.stop(cluster.ownerOf(Feed, 'a'))
  door.open()
  await cluster.settled(reading)

  expect(values).toEqual(Array.from({ length: 3000 }, (_, index) => index))
})

it('ends with the error of its handler, after the values before it', async () => {
  const cluster = await startCluster({ register: [feedOf([])], runners: 2 })
  const values: number[] = []
  const read = async (how: 'declared' | 'plain'): Promise<void> => {
    for await (const value of cluster.client(Feed).get('a').broken(how)) values.push(value)
  }

  await expect(read('declared')).rejects.toBeInstanceOf(Feed.errors.Closed)
  await expect(read('plain')).rejects.toThrow('no paper')

  expect(values).toEqual([1, 1])
})

it('shows the state now and every change to a watcher', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const one = cluster.client(Counter).get('a')
  await one.increment(1)

  const watched = collected(one.watch(), 4)
  await cluster.clock.runUntilIdle()
  for (let round = 0; round < 3; round += 1) await one.increment(1)

  expect(await watched).toEqual([1, 2, 3, 4])
})

it('keeps a watched entity in memory, and lets it go afterwards', async () => {
  let lives = 0
  const watched = Counter.implement(
    {
      increment: ({ state }, by) => (state.count += by),
      getCount: ({ state }) => state.count,
      async *watch({ changes }) {
        for await (const { count } of changes()) yield count
      },
    },
    { onActivate: () => void (lives += 1) },
  )
  const cluster = await startCluster({ register: [watched], runners: 1 })
  const { sharding } = cluster.runners[0]!.runner
  const reader = cluster.client(Counter).get('a').watch()[Symbol.asyncIterator]()
  expect(await reader.next()).toEqual({ done: false, value: 0 })

  await cluster.clock.advance('10 minutes')
  expect([sharding.activeEntityCount, lives]).toEqual([1, 1])
  await reader.return?.()
  await cluster.clock.advance('70s')

  expect(sharding.activeEntityCount).toBe(0)
})

it('lets a watcher see changes at the new owner after a crash', async () => {
  const cluster = await startCluster({ register: [counter], runners: 3 })
  const one = cluster.client(Counter).get('a')
  await one.increment(1)
  const reader = one.watch()[Symbol.asyncIterator]()
  expect(await reader.next()).toEqual({ done: false, value: 1 })

  const next = reader.next()
  await cluster.crash(cluster.ownerOf(Counter, 'a'))
  await cluster.settled(one.increment(1))
  const seen = [(await cluster.settled(next)).value]
  while (seen.at(-1) !== 2) seen.push((await cluster.settled(reader.next())).value)
  await reader.return?.()

  expect(seen.at(-1)).toBe(2)
})

it('gives up a stream that stays without an owner for its timeout', async () => {
  const cluster = await startCluster({ register: [counter], runners: 1 })
  const reader = cluster.client(Counter).get('a').watch(undefined, { timeout: '20s' })[Symbol.asyncIterator]()
  await reader.next()

  const next = failureOf(reader.next())
  await cluster.stop(cluster.runners[0]!)
  await cluster.clock.advance('1 minute')

  expect(await next).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

it('passes a stream on from one entity to another', async () => {
  const Relay = defineEntity('Relay', { methods: { pass: stream<number, number>() } })
  const relay = Relay.implement({
    async *pass({ client }, to) {
      for await (const value of client(Feed).get('a').numbers(to)) yield value * 2
    },
  })
  const cluster = await startCluster({ register: [feedOf([]), relay], runners: 3 })

  expect(await collected(cluster.client(Relay).get('r').pass(100))).toEqual(
    Array.from({ length: 100 }, (_, index) => index * 2),
  )
})

it('tells the reader of an unknown method so', async () => {
  const Other = defineEntity('Counter', { methods: { listen: stream<void, number>() } })
  const cluster = await startCluster({ register: [counter], runners: 2 })

  await expect(collected(cluster.client(Other).get('a').listen())).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
})

const Fragile = defineEntity('Fragile', {
  state: () => ({ count: 0 }),
  maxIdleTime: '10s',
  methods: { add: activity<void, number>(), fail: activity(), watch: stream<void, number>() },
})
/** An entity that takes its time to leave. */
const fragile = Fragile.implement(
  {
    add: ({ state }) => (state.count += 1),
    fail: () => {
      throw new TypeError('a bug')
    },
    async *watch({ changes }) {
      for await (const { count } of changes()) yield count
    },
  },
  { onDeactivate: () => new Promise((resolve) => setTimeout(resolve, 5)) },
)

it('goes on in the next life of an entity that failed with a defect', async () => {
  const cluster = await startCluster({ register: [fragile], runners: 2 })
  const one = cluster.client(Fragile).get('a')
  await one.add()
  const seen: number[] = []
  const reading = (async () => {
    for await (const value of one.watch()) if (seen.push(value) && value === 2) break
  })()
  await cluster.clock.runUntilIdle()

  await expect(one.fail()).rejects.toThrow('a bug')
  await cluster.settled(one.add())
  await cluster.settled(reading)

  expect(seen.at(-1)).toBe(2)
})

it('opens in the next life of an entity that is just leaving', async () => {
  const cluster = await startCluster({ register: [fragile], runners: 2 })
  const one = cluster.client(Fragile).get('a')
  await one.add()

  await cluster.clock.advance('11s')
  const reader = one.watch()[Symbol.asyncIterator]()
  expect(await cluster.settled(reader.next())).toEqual({ done: false, value: 1 })
  const next = reader.next()
  await cluster.settled(one.add())

  expect(await cluster.settled(next)).toEqual({ done: false, value: 2 })
  await reader.return?.()
})
