import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { Counter } from './counter.ts'
import { startEtcdCluster } from './etcd-cluster.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

it('goes on as before when etcd restarts faster than a lease ends', async () => {
  const cluster = await startEtcdCluster()
  const before = cluster.runners.map(({ instanceId }) => instanceId)
  await cluster.client.client(Counter).get('a').increment(1)

  await cluster.etcd.kill()
  await cluster.etcd.restart()
  const after = await cluster.client.client(Counter).get('a').increment(1)
  await sleep(3000)

  expect(after).toBe(2)
  expect(cluster.runners.map(({ instanceId }) => instanceId)).toEqual(before)
})

it.each([
  ['stands still', 'pause', 'resume'],
  ['is dead', 'kill', 'restart'],
] as const)('comes back by itself when etcd %s for longer than a lease', async (_, stop, start) => {
  const cluster = await startEtcdCluster()
  const counters = cluster.client.client(Counter)
  const before = new Set(cluster.runners.map(({ instanceId }) => instanceId))
  await Promise.all(['a', 'b', 'c', 'd'].map((id) => counters.get(id).increment(1)))

  await cluster.etcd[stop]()
  await sleep(5000)
  const owned = cluster.runners.map(({ ownedShards }) => ownedShards)
  await cluster.etcd[start]()
  const after = await Promise.all(['a', 'b', 'c', 'd'].map((id) => counters.get(id).increment(1)))
  await cluster.balanced()

  expect(owned).toEqual([0, 0])
  expect(after).toEqual([2, 2, 2, 2])
  expect(cluster.runners.some(({ instanceId }) => before.has(instanceId))).toBe(false)
})

it('hands shards over while a runner leaves, and refuses one with other settings', async () => {
  const cluster = await startEtcdCluster()
  const [first, second] = cluster.runners
  await cluster.client.client(Counter).get('a').increment(1)

  await expect(cluster.startWith(32)).rejects.toThrow('This cluster runs with shardsPerGroup = 16')
  await first![Symbol.asyncDispose]()

  expect(await cluster.client.client(Counter).get('a').increment(1)).toBe(2)
  await vi.waitUntil(() => second!.ownedShards === 16, { timeout: 5000 })
})
