import { describe, expect, it, vi } from 'vitest'
import { instance, runner, shards, useEtcd } from './etcd-fixture.ts'

const etcd = useEtcd()

describe('shard locks in etcd', { timeout: 20_000 }, () => {
  it('are taken and given back by the thousand', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open({ leaseTtl: '10s' })
    const membership = await discovery.join(runner('a'))
    const all = shards(2048)

    const [taking, taken] = await timed(() => membership.acquire(all))
    const [asking, asked] = await timed(() => membership.acquire(all))
    const [giving] = await timed(() => membership.release(all))
    await membership.acquire(all)
    const [leaving] = await timed(() => membership[Symbol.asyncDispose]())

    console.log(`2048 shards: acquire ${taking} ms, again ${asking} ms, release ${giving} ms, leave ${leaving} ms`)
    expect(taken.every(({ kind }) => kind === 'acquired')).toBe(true)
    expect(asked).toEqual(taken)
    expect(await fixture.raw.getAll().prefix(fixture.prefix).count()).toBe(0)
  })

  it('are found by whoever took them when the answer was lost', async () => {
    await using fixture = etcd()
    const { proxy, discovery } = await fixture.openFaulty({ leaseTtl: '30s' })
    const membership = await discovery.join(runner('a'))

    proxy.dropAnswers()
    const acquiring = membership.acquire(shards(3))
    await vi.waitFor(async () => expect(await fixture.raw.getAll().prefix(`${fixture.prefix}shards/`).count()).toBe(3))
    proxy.heal()
    const results = await acquiring

    const { kvs } = await fixture.raw.getAll().prefix(`${fixture.prefix}shards/`).exec()
    const epochs = kvs.map(({ create_revision: revision }) => Number(revision))
    expect(results.map((result) => result.kind === 'acquired' && result.epoch)).toEqual(epochs)
  })

  it('are refused as unknown when etcd stays away, and found afterwards', async () => {
    await using fixture = etcd()
    const { proxy, discovery } = await fixture.openFaulty({ leaseTtl: '30s', callTimeout: '600ms' })
    const membership = await discovery.join(runner('a'))

    proxy.dropAnswers()
    await expect(membership.acquire(shards(2))).rejects.toMatchObject({ code: 'DISCOVERY', outcome: 'unknown' })
    proxy.heal()
    const results = await membership.acquire(shards(2))

    const [first] = (await fixture.raw.getAll().prefix(`${fixture.prefix}shards/`).exec()).kvs
    expect(results[0]).toMatchObject({ kind: 'acquired', epoch: Number(first?.create_revision) })
  })

  it('are acquired once when they are asked for twice in one call', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))
    const [one] = shards(1)

    const results = await membership.acquire([one!, one!])

    expect(results).toHaveLength(2)
    expect(results[0]).toEqual(results[1])
  })

  it('of a former life at the same address are not taken for own ones', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const foreign = fixture.raw.lease(60)
    await foreign.put(`${fixture.prefix}shards/default:0`).value('a:9000')
    const membership = await discovery.join(runner('a'))

    const [result] = await membership.acquire(shards(1))
    await membership.release(shards(1))

    expect(result).toEqual({ kind: 'held', shard: 'default:0', by: 'a:9000' })
    expect(await fixture.raw.get(`${fixture.prefix}shards/default:0`)).toBe('a:9000')
    await foreign.revoke()
  })

  it('are given back although others of the same call are not held', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const [a, b] = [await discovery.join(runner('a')), await discovery.join(runner('b'))]
    const [one, two, three] = shards(3)
    await a.acquire([one!, three!])
    await b.acquire([two!])

    await a.release([one!, two!, three!])

    const left = await fixture.raw.getAll().prefix(`${fixture.prefix}shards/`).keys()
    expect(left).toEqual([`${fixture.prefix}shards/${two}`])
  })

  it('name the holder of each that is held', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const [a, b, c] = [
      await discovery.join(runner('a')),
      await discovery.join(runner('b')),
      await discovery.join(runner('c')),
    ]
    const [one, two, three] = shards(3)
    await a.acquire([one!])
    await b.acquire([two!])

    const results = await c.acquire([three!, two!, one!])

    expect(results).toEqual([
      { kind: 'acquired', shard: three, epoch: expect.any(Number) },
      { kind: 'held', shard: two, by: instance('b') },
      { kind: 'held', shard: one, by: instance('a') },
    ])
  })
})

async function timed<T>(work: () => PromiseLike<T>): Promise<readonly [number, T]> {
  const begun = performance.now()
  const result = await work()
  return [Math.round(performance.now() - begun), result]
}
