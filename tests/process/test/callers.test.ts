import type { RunnerAddress } from '@cruster/core'
import { silentLogger } from '@cruster/core'
import type { Connection, Listener, Transport } from '@cruster/core/ports'
import { TcpProxy } from '@cruster/testing'
import { grpcTransport } from '@cruster/transport-grpc'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { Counter } from '../src/contract.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Calls runners through a proxy for each. */
class ProxiedTransport implements Transport {
  readonly name = 'gRPC through proxies'
  readonly #inner: Transport
  readonly #proxies = new Map<RunnerAddress, TcpProxy>()

  constructor(inner: Transport) {
    this.#inner = inner
  }

  get proxies(): readonly TcpProxy[] {
    return [...this.#proxies.values()]
  }

  listen(address: RunnerAddress, accept: (connection: Connection) => void): Promise<Listener> {
    return this.#inner.listen(address, accept)
  }

  async connect(address: RunnerAddress, signal: AbortSignal): Promise<Connection> {
    const [host = '', port] = address.split(':')
    const proxy = this.#proxies.get(address) ?? (await TcpProxy.start({ host, port: Number(port) }))
    this.#proxies.set(address, proxy)
    return this.#inner.connect(`${proxy.host}:${proxy.port}` as RunnerAddress, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]()
    for (const proxy of this.proxies) await proxy[Symbol.asyncDispose]()
  }
}

let cluster: ProcessCluster
beforeAll(async () => {
  cluster = await ProcessCluster.start()
})
afterAll(() => cluster[Symbol.asyncDispose]())

it('reaches any entity from any runner and from any client', async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `anywhere-${index}`)
  const client = (await cluster.connect()).client(Counter)

  const seen = await Promise.all(
    cluster.runners.map((runner) => Promise.all(ids.map((id) => runner.call<string>({ id, method: 'where' })))),
  )
  const seenByClient = await Promise.all(ids.map((id) => client.get(id).where()))

  for (const places of seen) expect(places).toEqual(seenByClient)
  expect(new Set(seenByClient)).toEqual(new Set(['a', 'b', 'c']))
})

it('gives the same answer to two processes that send the same idempotency key at once', async () => {
  const [first, second] = cluster.runners
  const ids = Array.from({ length: 20 }, (_, index) => `keyed-${index}`)

  const answers = await Promise.all(
    ids.flatMap((id) =>
      [first!, second!].map((runner) =>
        runner.call<number>({ id, method: 'add', input: `by key on ${id}`, idempotencyKey: `key-${id}` }),
      ),
    ),
  )
  const again = await Promise.all(
    ids.map((id) =>
      cluster.runner('c').call<number>({ id, method: 'add', input: `by key on ${id}`, idempotencyKey: `key-${id}` }),
    ),
  )
  const conflict = cluster
    .runner('c')
    .call({ id: 'keyed-0', method: 'add', input: 'something else', idempotencyKey: 'key-keyed-0' })

  expect(new Set([...answers, ...again])).toEqual(new Set([1]))
  await expect(conflict).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  const rows = (await cluster.applied()).filter(({ entity }) => entity.startsWith('keyed-'))
  expect(rows.map(({ entity }) => entity).toSorted()).toEqual(ids.toSorted())
})

it('goes on with a stream where it was when its connection dies', async () => {
  const transport = new ProxiedTransport(await grpcTransport({ logger: silentLogger })())
  const client = (await cluster.connect(transport)).client(Counter)
  const received: number[] = []

  for await (const number of client.get('streaming').tick({ upTo: 30, pauseMs: 20 })) {
    received.push(number)
    if (number === 10) for (const proxy of transport.proxies) proxy.breakLines()
  }

  expect(received).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
})

it.each(['leaves', 'is killed'] as const)('goes on with a stream at the new owner when the old one %s', async (how) => {
  await cluster.balanced()
  const client = (await cluster.connect()).client(Counter)
  const id = `stream of one that ${how}`
  const name = await client.get(id).where()
  const received: number[] = []
  let ended: Promise<void> | undefined

  for await (const number of client.get(id).tick({ upTo: 40, pauseMs: 20 })) {
    received.push(number)
    if (number === 10) ended = how === 'leaves' ? cluster.runner(name).leave() : cluster.runner(name).kill()
  }
  await ended
  const next = await client.get(id).where()
  await cluster.startRunner(name)

  expect(received).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  expect(next).not.toBe(name)
})
