import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import { TcpProxy } from '@cruster/testing'
import { describe, expect, it, vi } from 'vitest'
import { runner, shards, useEtcd } from './etcd-fixture.ts'

const etcd = useEtcd()

describe('several endpoints of etcd', { timeout: 30_000 }, () => {
  it('serve when one of them refuses', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open({ endpoints: ['http://127.0.0.1:1', fixture.server.endpoint] })
    const membership = await discovery.join(runner('a'))

    for (const shard of shards(20)) await membership.acquire([shard])

    expect(membership.lost.aborted).toBe(false)
  })

  it('serve, and keep leases and watches, when one of them falls silent', async () => {
    await using fixture = etcd()
    const { port } = new URL(fixture.server.endpoint)
    await using silent = await TcpProxy.start({ host: '127.0.0.1', port: Number(port) })
    const endpoints = [`http://127.0.0.1:${silent.port}`, fixture.server.endpoint]
    await using discovery = await openEtcdDiscovery({ endpoints, prefix: fixture.prefix, leaseTtl: '3s' })
    const membership = await discovery.join(runner('a'))
    const events = await fixture.watch(discovery)

    silent.silence()
    const begun = performance.now()
    for (const shard of shards(40)) await membership.acquire([shard])
    const tookMs = performance.now() - begun
    await vi.waitUntil(() => membership.lost.aborted || performance.now() - begun > 5000, { timeout: 15_000 })
    await vi.waitUntil(() => events.filter(({ kind }) => kind !== 'snapshot').length >= 40, { timeout: 8000 })

    expect(membership.lost.aborted).toBe(false)
    // Each of two attempts that the silent one swallows takes 2.5 s, and it is asked again every 3 s at most.
    expect(tookMs).toBeLessThan(8000)
  })
})
