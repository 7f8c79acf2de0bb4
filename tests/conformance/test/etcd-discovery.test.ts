import { discoveryLaws } from '@cruster/testing'
import type { TestEtcd } from '@cruster/testing/servers'
import { provideEtcd } from '@cruster/testing/servers'
import { describeLaws } from '@cruster/testing/vitest'
import { afterAll, beforeAll, vi } from 'vitest'
import { etcdDiscoveryWorld } from './etcd-worlds.ts'

// Leases run out in real time here.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 30_000 })

let etcd: TestEtcd

beforeAll(async () => {
  etcd = await provideEtcd()
})

afterAll(async () => {
  await etcd[Symbol.asyncDispose]()
})

describeLaws({ name: 'EtcdDiscovery', open: () => etcdDiscoveryWorld(etcd) }, discoveryLaws)
