import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { RoundRobinProxy } from '../src/cluster/round-robin-proxy.ts'
import { Api } from './api.ts'
import { everyRoute, eviction } from './every-route.ts'
import { RealCluster } from './real-cluster.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const running: { cluster?: RealCluster; proxy?: RoundRobinProxy } = {}

const nodeUrl = (index: number): string => running.cluster?.places[index]?.node?.url ?? ''
const proxyUrl = (): string => running.proxy?.url ?? ''

beforeAll(async () => {
  const cluster = await RealCluster.start(3)
  running.cluster = cluster
  const nodes = (): readonly string[] => cluster.running.flatMap(({ node }) => (node === undefined ? [] : [node.url]))
  running.proxy = await RoundRobinProxy.listen({ host: '127.0.0.1', port: 0 }, nodes)
})

afterAll(async () => {
  await running.proxy?.[Symbol.asyncDispose]()
  await running.cluster?.[Symbol.asyncDispose]()
})

describe('three processes on PostgreSQL and etcd, through the proxy', () => {
  everyRoute(proxyUrl)
  eviction(proxyUrl)
})

describe.each([0, 1, 2])('three processes on PostgreSQL and etcd, node %i', (index) => {
  everyRoute(() => nodeUrl(index))
})

it('shows the same of an entity on every node', async () => {
  const nodes = [0, 1, 2].map((index) => new Api(nodeUrl(index)))
  for (const node of nodes) await node.post('/counter/shared/increment', 1)

  const seen = await Promise.all(nodes.map((node) => node.read('/counter/shared')))

  expect(seen).toEqual([3, 3, 3])
})
