import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Inbox = defineEntity('Inbox', {
  state: () => ({ items: [] as string[] }),
  methods: {
    add: activity<string, number>(),
    process: rpc<string, string>({ persisted: true }),
    ping: rpc<string, string>(),
    list: rpc<void, readonly string[]>(),
  },
})

/** An implementation whose handlers write down what they do. */
function recording(
  log: string[],
  handlers: { process?: (item: string, attempt: number) => string | void | Promise<string | void> } = {},
) {
  return Inbox.implement({
    add: ({ state }, item) => state.items.push(item),
    process: async ({ request }, item) => {
      log.push(item)
      return (await handlers.process?.(item, request.attempt)) ?? item
    },
    ping: (_, item) => {
      log.push(item)
      return item
    },
    list: ({ state }) => state.items,
  })
}

it('answers a persisted rpc', async () => {
  const cluster = await startCluster({ register: [recording([])], runners: 2 })

  expect(await cluster.client(Inbox).get('a').process('x')).toBe('x')
  expect(await cluster.runners[0]!.runner.client(Inbox).get('a').process('y')).toBe('y')
})

it('runs a persisted rpc after a crash of the owner that had it', async () => {
  const log: string[] = []
  const never = gate()
  const inbox = recording(log, { process: (_, attempt) => (attempt === 1 ? never.opened : `attempt ${attempt}`) })
  const cluster = await startCluster({ register: [inbox], runners: 3 })

  const call = cluster.client(Inbox).get('a').process('x')
  await cluster.clock.runUntilIdle()
  await cluster.crash(cluster.ownerOf(Inbox, 'a'))

  expect(await cluster.settled(call)).toBe('attempt 2')
  expect(log).toEqual(['x', 'x'])
})

it('resolves a notification when it is stored, and delivers it', async () => {
  const cluster = await startCluster({ register: [recording([])], runners: 2 })

  await cluster.client(Inbox).notify('a').add('x')
  await cluster.clock.runUntilIdle()

  expect(await cluster.client(Inbox).get('a').list()).toEqual(['x'])
})

it('delivers a notification that its sender survives the owner with', async () => {
  const cluster = await startCluster({ register: [recording([])], runners: 3 })
  const owner = cluster.ownerOf(Inbox, 'a')
  const sender = cluster.runners.find((runner) => runner !== owner)!

  cluster.failStorage(owner)
  await sender.runner.client(Inbox).notify('a').add('x')
  await cluster.crash(owner)
  await cluster.until('it has arrived', async () => {
    const items = await cluster
      .client(Inbox)
      .get('a')
      .list({} as never, { timeout: '1s' } as never)
    return items.length === 1
  })
})

it('delivers stored messages of one entity in the order in which they were stored', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [recording(log)], runners: 3 })
  const items = Array.from({ length: 50 }, (_, index) => `${index}`)

  for (const [index, item] of items.entries()) {
    await cluster.runners[index % 3]!.runner.client(Inbox).notify('a').process(item)
  }
  await cluster.until('all have run', () => log.length >= items.length)

  expect(log).toEqual(items)
})

it('counts attempts, and buries a message that fails too often', async () => {
  const log: string[] = []
  const attempts: number[] = []
  const inbox = recording(log, {
    process: (item, attempt) => {
      if (item !== 'poison') return item
      attempts.push(attempt)
      throw new Error('cannot digest this')
    },
  })
  const cluster = await startCluster({ register: [inbox], config: { maxAttempts: 3 } })
  const { runner } = cluster.runners[0]!

  await cluster.client(Inbox).notify('a').process('poison')
  await cluster.client(Inbox).notify('a').process('next')
  await cluster.until('the next message has run', () => log.includes('next'))

  expect(attempts).toEqual([1, 2, 3])
  expect(log).toEqual(['poison', 'poison', 'poison', 'next'])
  expect(await runner.deadLetters.list()).toMatchObject([
    {
      address: { type: 'Inbox', id: 'a' },
      method: 'process',
      deliveries: 3,
      error: { code: 'DEAD_LETTERED', message: expect.stringContaining('cannot digest this') },
    },
  ])
})

it('buries a message that its owners die of, and goes on with the next', async () => {
  const log: string[] = []
  const inbox = recording(log, { process: (item) => (item === 'deadly' ? new Promise<void>(() => {}) : undefined) })
  const cluster = await startCluster({ register: [inbox], runners: [{}, { weight: 0 }], config: { maxAttempts: 3 } })
  const [owner, sender] = cluster.runners
  await sender!.runner.client(Inbox).notify('a').process('deadly')
  await sender!.runner.client(Inbox).notify('a').process('next')

  for (let deaths = 1; deaths <= 3; deaths += 1) {
    await cluster.until('it runs', () => log.length === deaths)
    await cluster.crash(owner!)
    await cluster.restart(owner!)
  }
  await cluster.until('the next message has run', () => log.includes('next'))

  expect(log).toEqual(['deadly', 'deadly', 'deadly', 'next'])
  expect(await sender!.runner.deadLetters.list()).toMatchObject([{ deliveries: 3 }])
})

it('delivers a dead letter anew once it is redriven', async () => {
  const log: string[] = []
  let isBroken = true
  const inbox = recording(log, {
    process: () => {
      if (isBroken) throw new Error('out of order')
    },
  })
  const cluster = await startCluster({ register: [inbox], config: { maxAttempts: 2 }, runners: 2 })
  const { deadLetters } = cluster.runners[0]!.runner
  await cluster.client(Inbox).notify('a').process('x')
  await cluster.until('it has died', async () => (await deadLetters.list()).length === 1)
  isBroken = false

  const [letter] = await deadLetters.list()
  expect(await deadLetters.redrive(letter!.id)).toBe(true)
  await cluster.until('it has run again', () => log.length === 3)

  expect(await deadLetters.list()).toEqual([])
  expect(await deadLetters.redrive(letter!.id)).toBe(false)
})

it('delivers again, after a pause, what failed', async () => {
  const at: number[] = []
  const inbox = recording([], {
    process: (_, attempt) => {
      at.push(cluster.clock.monotonic())
      if (attempt < 4) throw new Error('not yet')
    },
  })
  const cluster = await startCluster({ register: [inbox] })

  await cluster.client(Inbox).notify('a').process('x')
  await cluster.until('it has run', () => at.length === 4)

  expect(at.slice(1).map((time, index) => time - at[index]!)).toEqual([500, 750, 1125])
})

it('answers the caller of a persisted rpc with an ordinary error, and does not run it again', async () => {
  const log: string[] = []
  const inbox = recording(log, {
    process: () => {
      throw new Error('no such thing')
    },
  })
  const cluster = await startCluster({ register: [inbox] })

  await expect(cluster.client(Inbox).get('a').process('x')).rejects.toMatchObject({
    message: expect.stringContaining('no such thing'),
  })
  await cluster.clock.advance('1 minute')

  expect(log).toEqual(['x'])
})

it('hands over a notification of a volatile rpc', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [recording(log)], runners: 2 })

  await cluster.client(Inbox).notify('a').ping('x')
  await cluster.clock.runUntilIdle()

  expect(log).toEqual(['x'])
})

it('finds a message whose announcement was lost', async () => {
  const log: string[] = []
  const cluster = await startCluster({ register: [recording(log)], runners: 2 })
  const owner = cluster.ownerOf(Inbox, 'a')
  const sender = cluster.runners.find((runner) => runner !== owner)!

  cluster.partition(sender, owner)
  await sender.runner.client(Inbox).notify('a').process('x')
  await cluster.clock.advance('8s')

  expect(log).toEqual(['x'])
})

it('keeps a message for an owner that knows its type', async () => {
  const log: string[] = []
  const cluster = await startCluster({ runners: [{ register: [recording(log)], weight: 0 }, { register: [] }] })
  const [sender] = cluster.runners

  await sender!.runner.client(Inbox).notify('a').process('x')
  await cluster.clock.advance('10s')
  expect(log).toEqual([])
  cluster.runners[1]!.runner.register(recording(log))
  await cluster.clock.advance('1s')

  expect(log).toEqual(['x'])
})

it('delivers what was stored before a restart of the whole cluster', async () => {
  const log: string[] = []
  const cluster = await startCluster({ runners: [{ register: [recording(log)] }, { register: [], weight: 0 }] })
  const [owner, sender] = cluster.runners
  await cluster.stop(owner!)

  await sender!.runner.client(Inbox).notify('a').process('x')
  await sender!.runner.client(Inbox).notify('a').process('y')
  await cluster.clock.advance('1 minute')
  expect(log).toEqual([])
  await cluster.restart(owner!)
  await cluster.until('both have run', () => log.length === 2)

  expect(log).toEqual(['x', 'y'])
})
