import { SystemClock } from '@cruster/core'
import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import type { DiscoveryWorld } from '@cruster/testing'
import { TcpProxy } from '@cruster/testing'
import type { TestEtcd } from '@cruster/testing/servers'
import { testPrefix } from '@cruster/testing/servers'

/** Under a prefix of its own in a real etcd, in real time. Each process reaches it through a proxy, to be cut off. */
export async function etcdDiscoveryWorld({ endpoint }: TestEtcd): Promise<DiscoveryWorld> {
  const clock = new SystemClock()
  const prefix = testPrefix()
  const { hostname, port } = new URL(endpoint)
  const closing: (() => Promise<void>)[] = []
  return {
    leaseTtlMs: 2_000,
    async connect() {
      const proxy = await TcpProxy.start({ host: hostname, port: Number(port) })
      const discovery = await openEtcdDiscovery({
        endpoints: [`http://127.0.0.1:${proxy.port}`],
        prefix,
        leaseTtl: '2s',
      })
      closing.push(async () => {
        await discovery[Symbol.asyncDispose]()
        await proxy[Symbol.asyncDispose]()
      })
      return { discovery, cutOff: async () => proxy.silence() }
    },
    monotonic: () => clock.monotonic(),
    advance: (ms) => new Promise((resolve) => clock.setTimer(ms, resolve)),
    async [Symbol.asyncDispose]() {
      await Promise.all(closing.map((close) => close()))
    },
  }
}
