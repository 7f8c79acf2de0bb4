import { activity, defineEntity, rpc } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'
import type { TestRunner } from '@cruster/testing'
import { expect, it } from 'vitest'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Ledger = defineEntity('Ledger', {
  state: () => ({ total: 0 }),
  methods: {
    book: activity<number, number>(),
    refuse: activity<number>(),
    record: rpc<string, string>({ persisted: true }),
    rows: rpc<void, number>({ persisted: true }),
    misuse: rpc<void, unknown>(),
    total: rpc<void, number>(),
  },
})

/** A ledger whose first delivery of a booking waits, with its transaction open. */
const slowLedger = Ledger.implement((opened: Promise<void>) => ({
  book: async ({ state, tx, id, request }, amount) => {
    await tx.query`create table if not exists entries (ledger text, amount integer)`
    await tx.query`insert into entries values (${id}, ${amount})`
    if (request.attempt === 1) await opened
    return (state.total += amount)
  },
  refuse: async ({ state, tx, id }, amount) => {
    state.total += amount
    await tx.query`insert into entries values (${id}, ${amount})`
    throw new Error('refused')
  },
  record: async ({ tx, id }, text) => {
    await tx.query`insert into entries values (${id}, ${text.length})`
    if (text === 'bad') throw new Error('bad record')
    return text
  },
  rows: async ({ tx, id }) => {
    const [row] = await tx.query<{ n: number | bigint }>`select count(*) as n from entries where ledger = ${id}`
    return Number(row?.n)
  },
  misuse: ({ tx }) => tx.query`select 1`,
  total: ({ state }) => state.total,
}))
const ledger = slowLedger.with(Promise.resolve())

it('commits user SQL with the state', async () => {
  const cluster = await startCluster({ register: [ledger], runners: 2 })
  const one = cluster.client(Ledger).get('a')

  expect(await one.book(5)).toBe(5)

  expect(await one.rows()).toBe(1)
})

it('rolls user SQL back when the activity throws', async () => {
  const cluster = await startCluster({ register: [ledger], runners: 2 })
  const one = cluster.client(Ledger).get('a')
  await one.book(5)

  await expect(one.refuse(7)).rejects.toThrow('refused')

  expect(await one.rows()).toBe(1)
  expect(await one.total()).toBe(5)
})

it('commits user SQL of a persisted rpc with its reply', async () => {
  const cluster = await startCluster({ register: [ledger], runners: 2 })
  const one = cluster.client(Ledger).get('a')
  await one.book(5)

  expect(await one.record('good')).toBe('good')
  await expect(one.record('bad')).rejects.toThrow('bad record')

  expect(await one.rows()).toBe(2)
})

it('says why a plain rpc has no transaction', async () => {
  const cluster = await startCluster({ register: [ledger] })

  await expect(cluster.client(Ledger).get('a').misuse()).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('persisted: true'),
  })
})

it('rolls back the transaction of a runner that crashes in the midst of it', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowLedger.with(door.opened)], runners: 3 })

  const call = cluster.client(Ledger).get('a').book(5)
  await cluster.clock.runUntilIdle()
  await cluster.crash(cluster.ownerOf(Ledger, 'a'))

  expect(await cluster.settled(call)).toBe(5)
  expect(await cluster.client(Ledger).get('a').rows()).toBe(1)
})

const Counting = defineEntity('Counting', {
  state: () => ({ n: 0 }),
  methods: { add: activity<boolean, number>(), read: rpc<void, number>() },
})
const counting = Counting.implement({
  add: async ({ state, tx }, withSql) => {
    if (withSql) await tx.query`select 1`
    return (state.n += 1)
  },
  read: ({ state }) => state.n,
})

it('keeps the order of activities with and without SQL', async () => {
  const cluster = await startCluster({ register: [counting], runners: 2 })
  const one = cluster.client(Counting).get('a')

  const totals = await Promise.all(Array.from({ length: 30 }, (_, index) => one.add(index % 3 === 0)))

  expect(totals).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
})

it('shows an rpc the committed state while a commit waits for the database', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowLedger.with(door.opened), counting], runners: 1 })
  const one = cluster.client(Counting).get('a')
  await one.add(false)
  const holding = cluster.client(Ledger).get('a').book(5)
  await cluster.clock.runUntilIdle()

  const adding = one.add(false)
  await cluster.clock.runUntilIdle()
  const seen = await one.read()
  door.open()
  await Promise.all([holding, adding])

  expect(seen).toBe(1)
  expect(await one.read()).toBe(2)
})

it('sends a stored call on whose storing was waited for when its shard moved', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowLedger.with(door.opened)], runners: 2 })
  const [first, second] = cluster.runners
  const idOn = (runner: TestRunner): string =>
    Array.from({ length: 99 }, (_, index) => `${index}`).find((id) => cluster.ownerOf(Ledger, id) === runner)!
  const holding = cluster.client(Ledger).get(idOn(first!)).book(5)
  await cluster.clock.runUntilIdle()

  const call = cluster.client(Ledger).get(idOn(second!)).record('text')
  await cluster.clock.runUntilIdle()
  const stopping = cluster.stop(second!)
  await cluster.clock.advance('1s')
  door.open()
  await stopping

  expect(await cluster.settled(call)).toBe('text')
  expect(await cluster.settled(holding)).toBe(5)
})

const Outgoing = defineEntity('Outgoing', {
  state: () => ({ sent: 0 }),
  methods: {
    send: activity<{ readonly to: string; readonly fail: boolean }, number>(),
    plan: activity<string, string>(),
    unplan: activity<string, boolean>(),
    got: activity<string>(),
    received: rpc<void, number>(),
  },
})
const slowOutgoing = Outgoing.implement((opened: Promise<void>) => ({
  send: async ({ state, client }, { to, fail }) => {
    await client(Outgoing).notify(to).got('hello')
    await opened
    state.sent += 1
    if (fail) throw new Error('changed my mind')
    return state.sent
  },
  plan: async ({ client, id }, to) => {
    const { id: message } = await client(Outgoing).schedule(id, { after: '10s' }).got(to)
    return message
  },
  unplan: ({ client, id }, message) => client(Outgoing).cancel(id, message as never),
  got: ({ state }) => void (state.sent += 100),
  received: ({ state }) => Math.floor(state.sent / 100),
}))
const outgoing = slowOutgoing.with(Promise.resolve())

it('sends what an activity notified of if and only if it commits', async () => {
  const cluster = await startCluster({ register: [outgoing], runners: 3 })
  const all = cluster.client(Outgoing)

  await all.get('a').send({ to: 'b', fail: false })
  await expect(all.get('a').send({ to: 'c', fail: true })).rejects.toThrow('changed my mind')
  await cluster.clock.advance('20s')

  expect(await all.get('b').received()).toBe(1)
  expect(await all.get('c').received()).toBe(0)
})

it('sends nothing before the commit', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowOutgoing.with(door.opened)], runners: 2 })
  const all = cluster.client(Outgoing)

  const call = all.get('a').send({ to: 'b', fail: false })
  await cluster.clock.advance('10s')
  expect(await all.get('b').received()).toBe(0)
  door.open()
  await call
  await cluster.clock.runUntilIdle()

  expect(await all.get('b').received()).toBe(1)
})

it('cancels a scheduled message of its own entity with the commit of an activity', async () => {
  const cluster = await startCluster({ register: [outgoing], runners: 2 })
  const one = cluster.client(Outgoing).get('a')

  const message = await one.plan('x')
  expect(await one.unplan(message)).toBe(true)
  await cluster.clock.advance('1 minute')

  expect(await one.received()).toBe(0)
})

const Mixed = defineEntity('Mixed', {
  state: () => ({ n: 0 }),
  methods: { add: activity<void, number>(), note: rpc<void, number>({ persisted: true }), read: rpc<void, number>() },
})
const mixed = Mixed.implement((opened: Promise<void>) => ({
  add: ({ state }) => (state.n += 1),
  note: async ({ state, tx }) => {
    const seen = state.n
    await opened
    await tx.query`select 1`
    return seen
  },
  read: ({ state }) => state.n,
}))

it('loses no activity that ran beside a persisted rpc with SQL', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [mixed.with(door.opened)], runners: 2 })
  const one = cluster.client(Mixed).get('a')

  const note = one.note()
  await cluster.clock.runUntilIdle()
  expect([await one.add(), await one.add()]).toEqual([1, 2])
  door.open()
  expect(await note).toBe(0)

  expect(await one.read()).toBe(2)
  expect(await one.add()).toBe(3)
})

const Log = defineEntity('Log', {
  methods: {
    write: activity<string, number>(),
    note: rpc<string, number>({ persisted: true }),
    lines: rpc<void, number>({ persisted: true }),
  },
})
/** An entity without state: all that it has is in tables of its own. */
const log = Log.implement((opened: Promise<void>) => {
  const insert = async ({ tx, id }: { tx: SqlTransaction; id: string }, line: string): Promise<number> => {
    await tx.query`create table if not exists lines (log text, line text)`
    await tx.query`insert into lines values (${id}, ${line})`
    if (line === 'slow') await opened
    const [row] = await tx.query<{ n: number | bigint }>`select count(*) as n from lines where log = ${id}`
    return Number(row?.n)
  }
  return {
    write: insert,
    note: insert,
    lines: async ({ tx, id }) => {
      const [row] = await tx.query<{ n: number | bigint }>`select count(*) as n from lines where log = ${id}`
      return Number(row?.n)
    },
  }
})

it.each(['write', 'note'] as const)(
  'makes the SQL of %s take effect once although its commit was not answered',
  async (method) => {
    const cluster = await startCluster({ register: [log.with(Promise.resolve())], runners: 2 })
    const owner = cluster.ownerOf(Log, 'a')
    const sender = cluster.runners.find((runner) => runner !== owner)!
    await cluster.client(Log).get('a').write('first')

    cluster.failStorage(owner, 'unanswered')
    await sender.runner.client(Log).notify('a')[method]('second')
    await cluster.clock.advance('3s')
    cluster.failStorage(owner, 'off')
    await cluster.clock.advance('15s')

    expect(await cluster.client(Log).get('a').lines()).toBe(2)
  },
)

it('counts an activity without state once when its owner crashes', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [log.with(door.opened)], runners: 3 })
  const one = cluster.client(Log).get('a')
  await one.write('first')

  const call = one.write('slow')
  await cluster.clock.runUntilIdle()
  await cluster.crash(cluster.ownerOf(Log, 'a'))
  door.open()

  expect(await cluster.settled(call)).toBe(2)
})

it('gives the database free as soon as a caller aborts, and keeps nothing of it', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [log.with(door.opened)], runners: 2 })
  await cluster.client(Log).get('a').write('first')
  const controller = new AbortController()

  const slow = failureOf(cluster.client(Log).get('a').write('slow', { signal: controller.signal }))
  await cluster.clock.runUntilIdle()
  controller.abort()
  expect(await slow).toMatchObject({ code: 'INTERRUPTED', outcome: 'unknown' })

  expect(await cluster.client(Log).get('b').write('other')).toBe(1)
  door.open()
  await cluster.clock.advance('2s')
  expect(await cluster.settled(cluster.client(Log).get('a').lines())).toBe(1)
})

const Register = defineEntity('Register', {
  state: () => ({ names: 0 }),
  methods: { enter: activity<string>(), note: rpc<string, string>({ persisted: true }) },
})
const insert = async (tx: SqlTransaction, name: string): Promise<void> => {
  await tx.query`create table if not exists register (name text primary key)`
  await tx.query`insert into register values (${name})`
}
const register = Register.implement({
  enter: async ({ state, tx }, name) => {
    state.names += 1
    await insert(tx, name)
  },
  note: async ({ tx }, name) => {
    await insert(tx, name)
    return name
  },
})

it('answers a stored call whose statement breaks a constraint, and does not deliver it again', async () => {
  const cluster = await startCluster({ register: [register] })
  const one = cluster.client(Register).get('a')
  await one.note('Ada')

  const failure = await failureOf(cluster.settled(one.note('Ada')))

  expect(failure).toMatchObject({ code: 'STORAGE', fault: 'statement', outcome: 'failed' })
  expect(await failureOf(one.enter('Ada'))).toMatchObject({ code: 'STORAGE', fault: 'statement', outcome: 'failed' })
  expect(await cluster.settled(one.note('Grace'))).toBe('Grace')
})

it('counts the deliveries of a one-way message whose statement breaks a constraint, and gives it up', async () => {
  const cluster = await startCluster({ register: [register], config: { maxAttempts: 3 } })
  const registers = cluster.client(Register)
  await registers.get('a').enter('Ada')

  await registers.notify('a').enter('Ada')
  const { deadLetters } = cluster.runners[0]!.runner
  await cluster.until('it is given up', async () => (await deadLetters.list()).length === 1)

  expect(await deadLetters.list()).toMatchObject([{ deliveries: 3 }])
})
