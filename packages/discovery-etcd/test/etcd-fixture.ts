import type { InstanceId } from '@cruster/core'
import { instanceId, runnerAddress, shardId } from '@cruster/core'
import type { Discovery, DiscoveryEvent, RunnerInfo } from '@cruster/core/ports'
import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import type { EtcdDiscovery, EtcdDiscoveryOptions } from '@cruster/discovery-etcd'
import { EtcdServer, testPrefix } from '@cruster/testing/servers'
import { Etcd3 } from 'etcd3'
import { afterAll, beforeAll, vi } from 'vitest'
import { FaultyProxy } from './faulty-proxy.ts'

/** One etcd for all tests of a file, and a prefix and connections of its own for each of them. */
export class EtcdFixture implements AsyncDisposable {
  readonly server: EtcdServer
  readonly prefix = testPrefix()
  readonly raw: Etcd3
  readonly #closing: (() => Promise<void>)[] = []

  constructor(server: EtcdServer) {
    this.server = server
    this.raw = new Etcd3({ hosts: server.endpoint })
  }

  async open(options: Partial<EtcdDiscoveryOptions> = {}): Promise<EtcdDiscovery> {
    const { endpoint } = this.server
    const discovery = await openEtcdDiscovery({
      endpoints: [endpoint],
      prefix: this.prefix,
      leaseTtl: '2s',
      ...options,
    })
    this.#closing.unshift(() => discovery[Symbol.asyncDispose]())
    return discovery
  }

  /** A discovery whose way to etcd is in the test's hands. */
  async openFaulty(
    options: Partial<EtcdDiscoveryOptions> = {},
  ): Promise<{ proxy: FaultyProxy; discovery: EtcdDiscovery }> {
    const proxy = await FaultyProxy.start(this.server.endpoint)
    const discovery = await this.open({ endpoints: [proxy.endpoint], ...options })
    this.#closing.push(() => proxy[Symbol.asyncDispose]())
    return { proxy, discovery }
  }

  /** What a watch reports, from its first event on. */
  async watch(discovery: Discovery): Promise<DiscoveryEvent[]> {
    const events: DiscoveryEvent[] = []
    const end = new AbortController()
    const reading = (async () => {
      for await (const batch of discovery.watch(end.signal)) events.push(...batch)
    })()
    this.#closing.unshift(async () => {
      end.abort()
      await reading
    })
    await vi.waitUntil(() => events.length > 0, { timeout: 5000 })
    return events
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing) await close()
    this.raw.close()
  }
}

/** Starts an etcd for the tests of this file. */
export function useEtcd(): () => EtcdFixture {
  let server: EtcdServer
  beforeAll(async () => {
    server = await EtcdServer.start()
  }, 30_000)
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })
  return () => new EtcdFixture(server)
}

export function runner(name: string, changes: Partial<RunnerInfo> = {}): RunnerInfo {
  return {
    instanceId: instance(name),
    address: runnerAddress(`${name}:9000`),
    weight: 1,
    groups: ['default'],
    entityTypes: ['Counter'],
    state: 'active',
    ...changes,
  }
}

export const instance = (name: string): InstanceId => instanceId(`instance-${name}`)

export const shards = (count: number): ReturnType<typeof shardId>[] =>
  Array.from({ length: count }, (_, index) => shardId('default', index))
