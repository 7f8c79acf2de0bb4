import { MemoryLogger } from '@cruster/core/memory'
import { shardId } from '@cruster/core'
import { describe, expect, it, vi } from 'vitest'
import { runner, shards, useEtcd } from './etcd-fixture.ts'

const etcd = useEtcd()

describe('a watch of etcd', { timeout: 30_000 }, () => {
  it('goes on where it was after its connection was cut', async () => {
    await using fixture = etcd()
    const membership = await (await fixture.open()).join(runner('a'))
    const { proxy, discovery } = await fixture.openFaulty()
    const events = await fixture.watch(discovery)

    proxy.cut()
    await membership.acquire(shards(3))
    await membership.release([shardId('default', 1)])
    proxy.heal()
    await vi.waitUntil(() => events.length >= 5, { timeout: 5000 })

    expect(events.map(({ kind }) => kind)).toEqual([
      'snapshot',
      'shardLocked',
      'shardLocked',
      'shardLocked',
      'shardUnlocked',
    ])
  })

  it('starts again with a snapshot when what it missed was compacted', async () => {
    await using fixture = etcd()
    const membership = await (await fixture.open()).join(runner('a'))
    const { proxy, discovery } = await fixture.openFaulty()
    const events = await fixture.watch(discovery)

    proxy.cut()
    await membership.acquire(shards(3))
    await membership.update(runner('a', { weight: 5 }))
    const { header } = await fixture.raw.kv.range({ key: Buffer.from('any') })
    await fixture.raw.kv.compact({ revision: header.revision })
    proxy.heal()
    await vi.waitUntil(() => events.length >= 2, { timeout: 5000 })

    expect(events[1]).toMatchObject({ kind: 'snapshot', runners: [{ weight: 5 }], locks: [{}, {}, {}] })
  })

  it('notices an etcd that is silent, and goes on when it answers again', async () => {
    await using fixture = etcd()
    const log = new MemoryLogger()
    const discovery = await fixture.open({ logger: log })
    const events = await fixture.watch(discovery)

    fixture.server.pause()
    await vi.waitUntil(() => log.lines.some(({ message }) => message.startsWith('The watch of etcd broke')), {
      timeout: 12_000,
    })
    fixture.server.resume()
    await (await fixture.open()).join(runner('late'))
    await vi.waitUntil(() => events.length >= 2, { timeout: 8000 })

    expect(events.at(-1)).toMatchObject({ kind: expect.stringMatching('snapshot|runnerChanged') })
  })

  it('survives a restart of etcd', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const events = await fixture.watch(discovery)

    await fixture.server.kill()
    await fixture.server.restart()
    const membership = await discovery.join(runner('a'))
    await vi.waitUntil(() => events.length >= 2, { timeout: 8000 })

    expect(events[1]).toMatchObject({ kind: 'runnerChanged', runner: { address: 'a:9000' } })
    expect(membership.lost.aborted).toBe(false)
  })

  it('reports many locks that end at once in few batches', async () => {
    await using fixture = etcd()
    const membership = await (await fixture.open({ leaseTtl: '30s' })).join(runner('a'))
    await membership.acquire(shards(500))
    const discovery = await fixture.open()
    const end = new AbortController()
    const batches: number[] = []
    const reading = (async () => {
      for await (const batch of discovery.watch(end.signal)) batches.push(batch.length)
    })()
    await vi.waitUntil(() => batches.length === 1)

    await membership[Symbol.asyncDispose]()
    await vi.waitUntil(() => batches.slice(1).reduce((sum, size) => sum + size, 0) >= 501)

    expect(batches.length).toBeLessThan(10)
    end.abort()
    await reading
  })

  it('ignores keys that are nothing of the cluster', async () => {
    await using fixture = etcd()
    for (const key of ['runners/x', 'shards/nothing', 'other', 'machines/1']) {
      await fixture.raw.put(fixture.prefix + key).value('[1')
    }
    const discovery = await fixture.open()

    const events = await fixture.watch(discovery)

    expect(events).toEqual([{ kind: 'snapshot', runners: [], locks: [] }])
  })

  it('ends when its discovery is closed', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const batches = discovery.watch(new AbortController().signal)[Symbol.asyncIterator]()
    await batches.next()

    const next = batches.next()
    await discovery[Symbol.asyncDispose]()

    expect(await next).toEqual({ done: true, value: undefined })
  })
})
