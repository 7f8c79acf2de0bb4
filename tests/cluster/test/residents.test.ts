import type { ShardId } from '@cruster/core'
import { RunnerUnavailable } from '@cruster/core'
import type { PlacementSettings, ResidentScope, RunningResident } from '@cruster/sharding/extension'
import { shardOfKey } from '@cruster/sharding/extension'
import type { TestCluster, TestRunner } from '@cruster/testing'
import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import { resident } from './installed.ts'
import { latency } from './latency.ts'
import { startCluster } from './start-cluster.ts'

const name = 'Test/Lamp'
const restful: RunningResident = { drain: async () => undefined, abandon: () => undefined }

/** A resident that does what the test says; by default, nothing. */
const lamp = (start: (scope: ResidentScope) => RunningResident) =>
  resident({ name, shard: (placement) => shardOfKey('default', name, placement), start })

/** The runner that owns the resident's shard. */
function ownerOf(cluster: TestCluster, scope: ResidentScope): TestRunner {
  const owner = cluster.runners.find(
    ({ isRunning, runner }) => isRunning && runner.sharding.hasShardId(scope.fence.shard),
  )
  if (owner === undefined) throw new Error('Nobody owns the shard.')
  return owner
}

it('runs on one runner, comes to rest when its shard moves, and only then runs on the next', async () => {
  const told: string[] = []
  const scopes: ResidentScope[] = []
  const start = (scope: ResidentScope): RunningResident => {
    scopes.push(scope)
    told.push(`start ${scopes.length}`)
    const drain = async (): Promise<void> => {
      told.push('drain')
      await new Promise<void>((resolve) => scope.services.clock.setTimer(700, resolve))
      told.push('at rest')
    }
    return { ...restful, drain }
  }
  const cluster = await startCluster({ runners: 3, register: [lamp(start)] })
  expect(told).toEqual(['start 1'])

  await cluster.stop(ownerOf(cluster, scopes[0]!))
  await cluster.until('it runs again', () => scopes.length === 2)

  expect(told).toEqual(['start 1', 'drain', 'at rest', 'start 2'])
  expect(scopes[1]!.fence.epoch).toBeGreaterThan(scopes[0]!.fence.epoch)
  expect(scopes[0]!.signal.aborted).toBe(true)
})

it('gives the shard away when a resident does not come to rest in time, and takes nothing from it any more', async () => {
  const scopes: ResidentScope[] = []
  const abandoned: boolean[] = []
  const start = (scope: ResidentScope): RunningResident => {
    scopes.push(scope)
    const drain = (): Promise<void> => (scopes.length > 1 ? Promise.resolve() : new Promise(() => undefined))
    return { drain, abandon: () => void abandoned.push(scope.signal.aborted) }
  }
  const cluster = await startCluster({ runners: 2, register: [lamp(start)], config: { terminationTimeout: '3s' } })
  const before = cluster.clock.now()

  await cluster.stop(ownerOf(cluster, scopes[0]!))
  const tookMs = cluster.clock.now() - before
  await cluster.until('it runs again', () => scopes.length === 2)

  expect(tookMs).toBeGreaterThanOrEqual(3000)
  expect(tookMs).toBeLessThan(4000)
  expect(abandoned).toEqual([true])
  expect(await failureOf(scopes[0]!.commit([]))).toBeInstanceOf(RunnerUnavailable)
})

it('abandons a resident whose owner was paused for longer than its lease', async () => {
  const scopes: ResidentScope[] = []
  let abandoned = 0
  const start = (scope: ResidentScope): RunningResident => {
    const isFirst = scopes.push(scope) === 1
    const drain = (): Promise<void> => (isFirst ? new Promise(() => undefined) : Promise.resolve())
    return { drain, abandon: () => void (abandoned += 1) }
  }
  const cluster = await startCluster({ runners: 2, register: [lamp(start)] })
  const owner = ownerOf(cluster, scopes[0]!)

  await cluster.pause(owner)
  await cluster.until('it runs elsewhere', () => scopes.length === 2)
  expect(abandoned).toBe(0)
  await cluster.resume(owner)
  await cluster.until('it is abandoned', () => abandoned === 1)

  expect(scopes[0]!.signal.aborted).toBe(true)
  expect(scopes[0]!.mayExecute()).toBe(false)
})

const target = { contract: Counter, id: 'lines', name: 'increment', method: Counter.methods.increment }

/** Stores messages that carry its epoch, all the time, and does not mind when it should stop. They are not due while the test runs. */
function scribe(scope: ResidentScope, isOver: () => boolean): RunningResident {
  const write = async (): Promise<void> => {
    const deliverAt = scope.services.clock.now() + 3_600_000
    const message = scope.message(target, 1, { headers: { epoch: `${scope.fence.epoch}` } })
    await scope.commit([{ kind: 'saveMessage', message: { ...message, deliverAt } }])
  }
  const loop = async (): Promise<void> => {
    while (!isOver()) {
      await failureOf(write())
      await new Promise<void>((resolve) => scope.services.clock.setTimer(30, resolve))
    }
  }
  void loop()
  return restful
}

/** Epochs of the writes that were accepted, in the order of their acceptance. */
async function acceptedEpochs(cluster: TestCluster): Promise<readonly number[]> {
  const records = await cluster.storage.messages.list({ type: Counter.name, limit: 10_000 })
  const inOrder = records.map(({ message }) => message).toSorted((a, b) => a.sequence - b.sequence)
  return inOrder.map(({ headers }) => Number(headers['epoch']))
}

it.each([1, 2, 3, 4])('never mixes the accepted writes of two owners (seed %i)', async (seed) => {
  let isOver = false
  const scopes: ResidentScope[] = []
  const start = (scope: ResidentScope): RunningResident => {
    scopes.push(scope)
    return scribe(scope, () => isOver)
  }
  const cluster = await startCluster({ runners: 3, seed, faults: latency(seed), register: [lamp(start), counter] })
  const moved = async (): Promise<void> => {
    const before = scopes.length
    await cluster.until('it runs elsewhere', () => scopes.length > before)
    await cluster.clock.advance('500ms')
  }
  await cluster.clock.advance('500ms')

  const paused = ownerOf(cluster, scopes.at(-1)!)
  await cluster.pause(paused)
  await moved()
  await cluster.resume(paused)
  await cluster.clock.advance('1s')
  await cluster.crash(ownerOf(cluster, scopes.at(-1)!))
  await moved()
  await cluster.add()
  await cluster.stop(ownerOf(cluster, scopes.at(-1)!))
  await cluster.clock.advance('5s')
  isOver = true
  await cluster.clock.advance('1s')

  const epochs = await acceptedEpochs(cluster)
  expect(new Set(epochs).size).toBeGreaterThanOrEqual(4)
  expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
})

it('starts a resident that is registered when its shard is owned already', async () => {
  const cluster = await startCluster({ runners: 1 })
  const scopes: ResidentScope[] = []

  cluster.runners[0]!.runner.register(
    lamp((scope) => {
      scopes.push(scope)
      return restful
    }),
  )

  expect(scopes).toHaveLength(1)
  expect(scopes[0]!.mayExecute()).toBe(true)
})

it('hosts the group of a resident', async () => {
  const scopes: ResidentScope[] = []
  const start = (scope: ResidentScope): RunningResident => {
    scopes.push(scope)
    return restful
  }
  const shard = (placement: PlacementSettings): ShardId => shardOfKey('lamps', name, placement)

  await startCluster({ register: [resident({ name, shard, start })] })

  expect(scopes.map(({ fence }) => fence.shard.split(':')[0])).toEqual(['lamps'])
})

it('goes on when a resident throws at its start, and logs it', async () => {
  const start = (): RunningResident => {
    throw new Error('no bulb')
  }
  const cluster = await startCluster({ register: [lamp(start), counter] })

  expect(await cluster.client(Counter).get('a').increment(1)).toBe(1)
  expect(cluster.log.some(({ message }) => message.includes(name))).toBe(true)
})

it('refuses two residents of one name', async () => {
  const cluster = await startCluster({ register: [lamp(() => restful)] })

  expect(() => cluster.runners[0]!.runner.register(lamp(() => restful))).toThrow(`${name} is registered already`)
})
