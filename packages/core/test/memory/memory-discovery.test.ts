import { describe, expect, it } from 'vitest'
import { instanceId, runnerAddress } from '../../src/address/identifiers.ts'
import { shardId } from '../../src/address/shard-id.ts'
import { DiscoveryError } from '../../src/error/discovery-error.ts'
import { MemoryCluster } from '../../src/memory/memory-cluster.ts'
import { MemoryDiscovery } from '../../src/memory/memory-discovery.ts'
import { VirtualClock } from '../../src/memory/virtual-clock.ts'
import type { Discovery, DiscoveryEvent, RunnerInfo } from '../../src/ports/discovery.ts'

const shard = shardId('default', 1)

function world() {
  const clock = new VirtualClock()
  const cluster = new MemoryCluster({ clock, leaseTtlMs: 9000 })
  return { clock, cluster, a: new MemoryDiscovery(cluster), b: new MemoryDiscovery(cluster) }
}

const info = (name: string): RunnerInfo => ({
  instanceId: instanceId(name),
  address: runnerAddress(`${name}:9000`),
  weight: 1,
  groups: ['default'],
  entityTypes: [],
  state: 'active',
})

function watch(discovery: Discovery, signal = new AbortController().signal): DiscoveryEvent['kind'][] {
  const kinds: DiscoveryEvent['kind'][] = []
  void (async () => {
    for await (const batch of discovery.watch(signal)) kinds.push(...batch.map(({ kind }) => kind))
  })()
  return kinds
}

describe('a process that is cut off', () => {
  it('can ask for nothing', async () => {
    const { a } = world()
    const membership = await a.join(info('a'))

    a.partition()

    for (const ask of [
      () => a.agree({}),
      () => a.join(info('b')),
      () => membership.acquire([shard]),
      () => membership.release([shard]),
      () => membership.update(info('a')),
    ]) {
      await expect(ask()).rejects.toThrow(DiscoveryError)
    }
  })

  it('keeps its lease when it is healed in time', async () => {
    const { clock, a } = world()
    const membership = await a.join(info('a'))
    await membership.acquire([shard])

    a.partition()
    await clock.advance(5000)
    a.heal()
    await clock.advance(60_000)

    expect(membership.lost.aborted).toBe(false)
    expect(await membership.acquire([shard])).toEqual([{ kind: 'acquired', shard, epoch: 1 }])
  })

  it('is told of its loss at the moment at which its lease runs out, before its shard is free', async () => {
    const { clock, cluster, a } = world()
    const membership = await a.join(info('a'))
    await membership.acquire([shard])
    const locksAtLoss: number[] = []
    membership.lost.addEventListener('abort', () => locksAtLoss.push(cluster.snapshot().locks.length))

    a.partition()
    await clock.advance(8999)
    expect(membership.lost.aborted).toBe(false)
    await clock.advance(1)

    expect(locksAtLoss).toEqual([1])
    expect(cluster.snapshot()).toEqual({ kind: 'snapshot', runners: [], locks: [] })
    expect(membership.lost.reason).toBeInstanceOf(DiscoveryError)
    expect(membership.leaseDeadline()).toBe(9000)
  })

  it('hears nothing until it is healed, then the whole truth', async () => {
    const { clock, a, b } = world()
    const seenByA = watch(a)
    await clock.runUntilIdle()

    a.partition()
    const openedMeanwhile = watch(a)
    await b.join(info('b'))
    await clock.runUntilIdle()
    expect([seenByA, openedMeanwhile]).toEqual([['snapshot'], []])
    a.heal()
    await clock.runUntilIdle()

    expect([seenByA, openedMeanwhile]).toEqual([['snapshot', 'snapshot'], ['snapshot']])
  })

  it('can join again once its former lease has run out', async () => {
    const { clock, a } = world()
    await a.join(info('a'))
    a.partition()
    await clock.advance(9000)
    a.heal()

    const second = await a.join(info('a'))

    expect(await second.acquire([shard])).toEqual([{ kind: 'acquired', shard, epoch: 1 }])
  })
})

describe('a membership', () => {
  it('notices that the registry has forgotten it when its own clock stood still', async () => {
    const { clock, cluster } = world()
    const frozen = new VirtualClock()
    const membership = await new MemoryDiscovery(cluster, { clock: frozen }).join(info('a'))

    await clock.advance(9000)
    expect(membership.lost.aborted).toBe(false)
    await frozen.advance(3000)

    expect(membership.lost.aborted).toBe(true)
    await expect(membership.acquire([shard])).rejects.toThrow('is over. Join again')
  })

  it('leaves nothing behind when it is disposed', async () => {
    const { clock, cluster, a } = world()
    const membership = await a.join(info('a'))
    await membership.acquire([shard])

    await membership[Symbol.asyncDispose]()
    await membership[Symbol.asyncDispose]()

    expect(clock.pendingTimers()).toEqual([])
    expect(cluster.snapshot()).toEqual({ kind: 'snapshot', runners: [], locks: [] })
    expect([membership.lost.aborted, membership.leaseDeadline()]).toEqual([false, 0])
  })

  it('cannot publish the info of another instance', async () => {
    const { a } = world()
    const membership = await a.join(info('a'))

    await expect(membership.update(info('b'))).rejects.toThrow(DiscoveryError)
  })
})

describe('a registry', () => {
  it('gives out a machine id again as late as possible', async () => {
    const { a } = world()
    const ids: number[] = []
    for (let life = 0; life < 1025; life += 1) {
      const membership = await a.join(info('a'))
      ids.push(membership.machineId)
      await membership[Symbol.asyncDispose]()
    }

    expect(ids).toEqual([...Array.from({ length: 1024 }, (_, id) => id), 0])
  })

  it('refuses the 1025th runner', async () => {
    const { a } = world()
    for (let count = 0; count < 1024; count += 1) await a.join(info(`r${count}`))

    await expect(a.join(info('last'))).rejects.toThrow(
      'The cluster has 1024 live runners, and no machine id is left for another.',
    )
  })
})

describe('a discovery that is disposed', () => {
  it('ends its watches and memberships, and answers no more', async () => {
    const { clock, cluster, a } = world()
    await a.join(info('a'))
    const batches = a.watch(new AbortController().signal)[Symbol.asyncIterator]()
    await batches.next()

    await a[Symbol.asyncDispose]()

    expect((await batches.next()).done).toBe(true)
    expect(cluster.snapshot().runners).toEqual([])
    expect(clock.pendingTimers()).toEqual([])
    await expect(a.agree({})).rejects.toThrow(DiscoveryError)
    expect(watch(a)).toEqual([])
  })
})
