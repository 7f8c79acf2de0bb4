import { activity, defineEntity, encode } from '@cruster/core'
import type { NewMessage, Storage } from '@cruster/core/ports'
import { Postponed, hiddenEntity } from '@cruster/sharding/extension'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { TestCluster } from '@cruster/testing'
import { VirtualClock } from '@cruster/core/memory'
import { expect, it, onTestFinished } from 'vitest'
import { Counter, counter } from './counter.ts'
import { gate } from './gate.ts'
import { native } from './installed.ts'
import { replaced } from './replaced.ts'
import { startCluster } from './start-cluster.ts'

const only = (cluster: TestCluster) => cluster.runners[0]!

const Slow = defineEntity('Slow', { methods: { work: activity<string>() } })

it('is alive and ready, and has nothing to complain about, when all is well', async () => {
  const cluster = await startCluster({ runners: 2, register: [counter] })
  await cluster.client(Counter).notify('a').increment(1)
  await cluster.clock.advance('10 minutes')

  for (const { runner } of cluster.runners)
    expect(runner.health()).toMatchObject({
      isAlive: true,
      isReady: true,
      problems: [],
      state: 'active',
      oldestDueMs: 0,
    })
})

it('is alive but not ready while storage refuses, and ready again afterwards', async () => {
  const cluster = await startCluster({ register: [counter], config: { stuckAfter: '30s' } })
  const { runner } = only(cluster)

  cluster.failStorage(only(cluster))
  await cluster.clock.advance('1 minute')
  expect(runner.health()).toMatchObject({ isAlive: true, isReady: false })
  expect(runner.health().problems.join()).toMatch(/^Storage has not answered for \d+ s\.$/u)
  cluster.failStorage(only(cluster), 'off')
  await cluster.clock.advance('10s')

  expect(runner.health()).toMatchObject({ isAlive: true, isReady: true })
})

/** A storage that does not answer for a while when it is asked what was stored, and does not fail either. */
function hanging(storage: Storage, answers: () => Promise<void>): Storage {
  const { messages } = storage
  const lastSequences: Storage['messages']['lastSequences'] = async (shards) => {
    await answers()
    return messages.lastSequences(shards)
  }
  return replaced(storage, 'messages', replaced(messages, 'lastSequences', lastSequences))
}

it('is not alive when its own rounds come to no end', async () => {
  const clock = new VirtualClock()
  const hang = gate()
  let answers = Promise.resolve()
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  onTestFinished(async () => storage[Symbol.asyncDispose]())
  const cluster = await startCluster({ clock, storage: hanging(storage, () => answers), register: [counter] })
  const { runner } = only(cluster)

  answers = hang.opened
  await cluster.clock.advance('30s')
  expect(runner.health().isAlive).toBe(true)
  await cluster.clock.advance('1 minute')

  expect(runner.health()).toMatchObject({ isAlive: false, isReady: false })
  hang.open()
  await cluster.clock.advance('10s')
  expect(runner.health()).toMatchObject({ isAlive: true, isReady: true })
})

it('is not ready when a message waits for too long behind another, and says so in its metrics', async () => {
  const slow = Slow.implement({
    work: async (_, text) => (text === 'hangs' ? new Promise(() => undefined) : undefined),
  })
  const cluster = await startCluster({
    runners: 1,
    register: [slow],
    config: { maxDueAge: '2 minutes', terminationTimeout: '1s' },
  })
  const { runner } = only(cluster)
  await cluster.client(Slow).notify('a').work('hangs')
  await cluster.clock.advance('10 minutes')
  expect(runner.health()).toMatchObject({ isReady: true, oldestDueMs: 0 })

  await cluster.client(Slow).notify('a').work('waits')
  await cluster.clock.advance('1 minute')
  expect(runner.health()).toMatchObject({ isReady: true, oldestDueMs: 60_000 })
  await cluster.clock.advance('2 minutes')

  expect(runner.health()).toMatchObject({ isAlive: true, isReady: false, oldestDueMs: 180_000 })
  expect(only(cluster).metrics.value('cruster_oldest_due_message_ms')).toBeGreaterThan(170_000)
})

it('counts a message of a type that it does not know, until it does', async () => {
  const slow = Slow.implement({ work: () => undefined })
  const cluster = await startCluster({ runners: 1 })
  const { runner } = only(cluster)
  const message: NewMessage = {
    id: runner.sharding.snowflake(),
    address: { shard: runner.sharding.getShardId(Slow, 'a'), type: Slow.name, id: 'a' },
    method: 'work',
    payload: encode('x'),
    headers: {},
    oneWay: true,
    retainMs: 1000,
  }
  await cluster.storage.commit([{ operations: [{ kind: 'saveMessage', message }] }])
  await cluster.clock.advance('6 minutes')
  expect(runner.health()).toMatchObject({ isReady: false })

  runner.register(slow)
  await cluster.clock.advance('10s')

  expect(runner.health()).toMatchObject({ isReady: true, oldestDueMs: 0 })
})

it('does not count what is postponed, nor what waits behind that', async () => {
  const Desk = hiddenEntity('Test/Desk', { methods: { hear: activity<string>() } })
  const desk = native(Desk, () => ({
    handlers: {
      hear: async () => {
        throw new Postponed('not here')
      },
    },
  }))
  const cluster = await startCluster({ runners: 1, register: [desk] })
  await cluster.client(Desk).notify('a').hear('first')
  await cluster.client(Desk).notify('a').hear('second')

  await cluster.clock.advance('30 minutes')

  expect(only(cluster).runner.health()).toMatchObject({ isReady: true })
})

it('is not ready while its place in the cluster is not certain', async () => {
  const cluster = await startCluster({ runners: 2, register: [counter] })

  cluster.partition(only(cluster), 'registry')
  await cluster.clock.advance('15s')
  expect(only(cluster).runner.health()).toMatchObject({ isAlive: true, isReady: false, ownedShards: 0 })
  cluster.heal()
  await cluster.balanced()
  await cluster.clock.advance('10s')

  expect(only(cluster).runner.health()).toMatchObject({ isAlive: true, isReady: true })
})

it('is alive and not ready while it drains, and neither when it has stopped', async () => {
  const slow = Slow.implement({ work: () => new Promise<void>(() => undefined) })
  const cluster = await startCluster({ runners: 2, register: [slow], config: { terminationTimeout: '5s' } })
  await cluster.client(Slow).notify('a').work('hangs')
  const owner = cluster.ownerOf(Slow, 'a')
  await cluster.clock.advance('1s')

  const stopping = cluster.stop(owner)
  await cluster.clock.advance('100ms')
  expect(owner.runner.health()).toMatchObject({ isAlive: true, isReady: false, state: 'draining' })
  await stopping

  expect(owner.runner.health()).toMatchObject({ isAlive: false, isReady: false, state: 'stopped' })
})
