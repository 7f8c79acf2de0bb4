import { DiscoveryError, newestHashVersion, silentLogger } from '@cruster/core'
import { MemoryCluster, MemoryDiscovery, VirtualClock } from '@cruster/core/memory'
import type { Discovery, DiscoveryEvent } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { ClusterWatch } from '../../src/membership/cluster-watch.ts'
import { runnerInfo } from '../runner-info.ts'

const placement = { hashVersion: newestHashVersion, shardsPerGroup: 10 }

/** A watch of this discovery, and the clock on which it runs. */
function watchOf(discovery: Discovery, clock: VirtualClock): ClusterWatch {
  return new ClusterWatch({ discovery, clock, log: silentLogger, placement })
}

it('follows the cluster, and tells who listens', async () => {
  const clock = new VirtualClock()
  const cluster = new MemoryCluster({ clock })
  await using watch = watchOf(new MemoryDiscovery(cluster), clock)
  let told = 0
  const stop = watch.listen(() => (told += 1))
  await clock.runUntilIdle()

  const membership = await new MemoryDiscovery(cluster).join(runnerInfo('a'))
  await clock.runUntilIdle()
  const after = told
  stop()
  await membership[Symbol.asyncDispose]()
  await clock.runUntilIdle()

  expect(after).toBeGreaterThan(0)
  expect(told).toBe(after)
  expect(watch.view.runners.size).toBe(0)
})

it('assigns every shard to the runners that are there, once per change', async () => {
  const clock = new VirtualClock()
  const cluster = new MemoryCluster({ clock })
  const membership = await new MemoryDiscovery(cluster).join(runnerInfo('a'))
  await using watch = watchOf(new MemoryDiscovery(cluster), clock)
  await clock.runUntilIdle()

  const { assignment } = watch
  await membership.acquire([...assignment.keys()])
  await clock.runUntilIdle()

  expect(assignment.size).toBe(10)
  expect(watch.assignment).toBe(assignment)
  await membership[Symbol.asyncDispose]()
})

it('opens the watch again when it breaks, and keeps the last view meanwhile', async () => {
  const clock = new VirtualClock()
  const cluster = new MemoryCluster({ clock })
  const discovery = new MemoryDiscovery(cluster)
  let opened = 0
  async function* breaking(): AsyncIterable<readonly DiscoveryEvent[]> {
    opened += 1
    yield [{ kind: 'snapshot', runners: [runnerInfo(`seen by watch ${opened}`)], locks: [] }]
    throw new DiscoveryError('the line broke')
  }
  await using watch = watchOf(
    {
      name: 'breaking',
      watch: breaking,
      agree: (settings) => discovery.agree(settings),
      join: (info) => discovery.join(info),
      [Symbol.asyncDispose]: () => discovery[Symbol.asyncDispose](),
    },
    clock,
  )
  await clock.runUntilIdle()
  expect([...watch.view.runners.values()]).toEqual([runnerInfo('seen by watch 1')])

  await clock.advance(500)

  expect([...watch.view.runners.values()]).toEqual([runnerInfo('seen by watch 2')])
})

it('leaves nothing behind', async () => {
  const clock = new VirtualClock()
  const watch = watchOf(new MemoryDiscovery(new MemoryCluster({ clock })), clock)
  await clock.runUntilIdle()

  await watch[Symbol.asyncDispose]()

  expect(clock.pendingTimers()).toEqual([])
})
