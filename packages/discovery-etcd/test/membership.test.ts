import { MemoryLogger, VirtualClock } from '@cruster/core/memory'
import { shardId } from '@cruster/core'
import { describe, expect, it, vi } from 'vitest'
import { instance, runner, shards, useEtcd } from './etcd-fixture.ts'

const etcd = useEtcd()

describe('a membership in etcd', { timeout: 20_000 }, () => {
  it('has keys that scripts can read, all on its lease', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))
    const [lock] = await membership.acquire([shardId('default', 7)])

    const { kvs } = await fixture.raw.getAll().prefix(fixture.prefix).exec()

    const found = kvs.map(({ key, value }) => [key.toString().slice(fixture.prefix.length), value.toString()])
    expect(found).toEqual([
      [`machines/${membership.machineId}`, 'instance-a'],
      ['runners/a:9000', JSON.stringify({ ...runner('a'), machineId: membership.machineId })],
      ['shards/default:7', 'a:9000'],
    ])
    expect(new Set(kvs.map(({ lease }) => lease)).size).toBe(1)
    expect(lock).toEqual({ kind: 'acquired', shard: 'default:7', epoch: Number(kvs[2]?.create_revision) })
  })

  it('has a machine id of its own, also when 20 join at once', async () => {
    await using fixture = etcd()
    const discoveries = await Promise.all(Array.from({ length: 20 }, () => fixture.open()))

    const joined = await Promise.all(discoveries.map((discovery, index) => discovery.join(runner(`r${index}`))))

    expect(new Set(joined.map(({ machineId }) => machineId)).size).toBe(20)
  })

  it('gets the one machine id that is left, and none when none is', async () => {
    await using fixture = etcd()
    const taken = Array.from({ length: 1024 }, (_, id) => id).filter((id) => id !== 600)
    for (const id of taken) await fixture.raw.put(`${fixture.prefix}machines/${id}`).value('other')
    const discovery = await fixture.open()

    const last = await discovery.join(runner('a'))

    expect(last.machineId).toBe(600)
    await expect(discovery.join(runner('b'))).rejects.toThrow('no machine id is left')
  })

  it('is refused while a live runner has the address, and says which', async () => {
    await using fixture = etcd()
    const [first, second] = [await fixture.open(), await fixture.open()]
    await first.join(runner('a'))

    const refused = second.join({ ...runner('b'), address: runner('a').address })

    await expect(refused).rejects.toMatchObject({
      code: 'DISCOVERY',
      outcome: 'not-started',
      message:
        'Runner instance-a is live at a:9000, so instance-b cannot join there. Give each runner its own address, or wait ' +
        'until the former one has left.',
    })
    expect(await fixture.raw.getAll().prefix(`${fixture.prefix}machines/`).count()).toBe(1)
  })

  it('waits for the end of a killed predecessor at the same address', async () => {
    await using fixture = etcd()
    const { proxy, discovery } = await fixture.openFaulty()
    const killed = await discovery.join(runner('a'))
    const [before] = await killed.acquire(shards(1))
    proxy.cut()
    const log = new MemoryLogger()
    const next = await fixture.open({ logger: log })

    const successor = await next.join({ ...runner('b'), address: runner('a').address })

    const [after] = await successor.acquire(shards(1))
    expect(after?.kind === 'acquired' && before?.kind === 'acquired' && after.epoch > before.epoch).toBe(true)
    expect(log.lines.map(({ message }) => message)).toContain(
      'A runner is registered at the same address; waiting for the end of its lease.',
    )
  })

  it('is lost when etcd ends its lease', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))
    const { leases } = await fixture.raw.leaseClient.leaseLeases()

    for (const { ID } of leases) await fixture.raw.leaseClient.leaseRevoke({ ID })
    await vi.waitUntil(() => membership.lost.aborted, { timeout: 3000 })

    expect(membership.leaseDeadline()).toBeLessThanOrEqual(performance.now())
    expect(membership.lost.reason).toMatchObject({ code: 'DISCOVERY' })
    await expect(membership.acquire(shards(1))).rejects.toThrow('is over. Join again')
  })

  it('is lost at once when etcd refuses a lock for lack of the lease', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open({ leaseTtl: '60s' })
    const membership = await discovery.join(runner('a'))
    const { leases } = await fixture.raw.leaseClient.leaseLeases()
    for (const { ID } of leases) await fixture.raw.leaseClient.leaseRevoke({ ID })

    await expect(membership.acquire(shards(1))).rejects.toMatchObject({ code: 'DISCOVERY', outcome: 'not-started' })

    expect(membership.lost.aborted).toBe(true)
  })

  it('is lost at its deadline when etcd stands still, and comes back by joining', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))

    fixture.server.pause()
    const deadline = membership.leaseDeadline()
    await vi.waitUntil(() => membership.lost.aborted, { timeout: 3000 })
    const lostAt = performance.now()
    fixture.server.resume()

    expect(lostAt).toBeGreaterThanOrEqual(deadline)
    await membership[Symbol.asyncDispose]()
    const next = await discovery.join(runner('b', { address: runner('a').address }))
    expect(next.lost.aborted).toBe(false)
  })

  it('leaves in bounded time when etcd stands still', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open({ leaseTtl: '60s' })
    await discovery.join(runner('a'))
    fixture.server.pause()
    const begun = performance.now()

    await discovery[Symbol.asyncDispose]()

    expect(performance.now() - begun).toBeLessThan(4000)
    fixture.server.resume()
  })

  it('publishes changes in the order in which they were made', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))
    const events = await fixture.watch(discovery)

    await Promise.all([1, 2, 3, 4].map((weight) => membership.update(runner('a', { weight }))))
    await vi.waitUntil(() => events.length >= 5)

    expect(events.slice(1).map((event) => event.kind === 'runnerChanged' && event.runner.weight)).toEqual([1, 2, 3, 4])
  })

  it('publishes a change whose answer is lost', async () => {
    await using fixture = etcd()
    const { proxy, discovery } = await fixture.openFaulty({ leaseTtl: '30s' })
    const membership = await discovery.join(runner('a'))

    proxy.dropAnswers()
    const update = membership.update(runner('a', { state: 'draining' }))
    await vi.waitFor(async () =>
      expect(await fixture.raw.get(`${fixture.prefix}runners/a:9000`)).toContain('"draining"'),
    )
    proxy.heal()
    await update

    await membership.update(runner('a', { weight: 9 }))
    expect(await fixture.raw.get(`${fixture.prefix}runners/a:9000`).json()).toMatchObject({ weight: 9 })
  })

  it('cannot publish the info of another', async () => {
    await using fixture = etcd()
    const discovery = await fixture.open()
    const membership = await discovery.join(runner('a'))

    await expect(membership.update(runner('b'))).rejects.toThrow(
      `${instance('a')} at a:9000 cannot publish the info of`,
    )
  })

  it('counts its deadline on the clock that it is given', async () => {
    await using fixture = etcd()
    const clock = new VirtualClock()
    const { proxy, discovery } = await fixture.openFaulty({ clock, leaseTtl: '5s' })
    const membership = await discovery.join(runner('a'))

    const deadline = membership.leaseDeadline()
    proxy.cut()
    await clock.advance(4999)
    const wasLost = membership.lost.aborted
    await clock.advance(1)

    expect([deadline, wasLost, membership.lost.aborted]).toEqual([5000, false, true])
  })
})
