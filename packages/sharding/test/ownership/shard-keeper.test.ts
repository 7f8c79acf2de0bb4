import type { Epoch, ShardId } from '@cruster/core'
import { StorageError, epoch, shardId, silentLogger } from '@cruster/core'
import { MemoryCluster, MemoryDiscovery, SeededRandom, VirtualClock } from '@cruster/core/memory'
import type { ClaimResult, Fence, Membership, Storage } from '@cruster/core/ports'
import { expect, it, vi } from 'vitest'
import type { ClusterView } from '../../src/membership/cluster-view.ts'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import type { ShardHost } from '../../src/ownership/shard-keeper.ts'
import { ShardKeeper } from '../../src/ownership/shard-keeper.ts'
import { runnerInfo } from '../runner-info.ts'

const [one, two] = [shardId('default', 1), shardId('default', 2)]

/** Writes down what it is told; drains when the test lets it. */
class RecordedHost implements ShardHost {
  readonly log: string[] = []
  readonly #release: (() => void)[] = []

  take(shard: ShardId, at: Epoch): void {
    this.log.push(`take ${shard} ${at}`)
  }

  async drain(shard: ShardId): Promise<void> {
    this.log.push(`drain ${shard}`)
    await new Promise<void>((resolve) => this.#release.push(resolve))
  }

  abandon(shard: ShardId): void {
    this.log.push(`abandon ${shard}`)
  }

  drained(): void {
    for (const release of this.#release.splice(0)) release()
  }
}

/** Claims in storage, as far as a keeper is concerned. */
class Claims {
  readonly asked: Fence[] = []
  answer: ClaimResult | 'unreachable' = 'claimed'

  readonly storage = {
    claim: async (fences: readonly Fence[]): Promise<readonly ClaimResult[]> => {
      this.asked.push(...fences)
      const { answer } = this
      if (answer === 'unreachable') throw new StorageError('no disk', { outcome: 'unknown' })
      return fences.map(() => answer)
    },
  }
}

interface Scene {
  readonly clock: VirtualClock
  readonly cluster: MemoryCluster
  readonly host: RecordedHost
  readonly claims: Claims
  readonly keeper: ShardKeeper
  readonly membership: Membership
  readonly other: Membership
  readonly want: (...shards: readonly ShardId[]) => Promise<void>
}

/** A keeper of runner a, in a cluster in which runner b is as well. */
async function scene(): Promise<Scene> {
  const clock = new VirtualClock()
  const cluster = new MemoryCluster({ clock })
  const self = runnerInfo('a')
  const membership = await new MemoryDiscovery(cluster).join(self)
  const other = await new MemoryDiscovery(cluster).join(runnerInfo('b'))
  const host = new RecordedHost()
  const claims = new Claims()
  const keeper = new ShardKeeper(membership, {
    // A keeper asks its storage for nothing but claims.
    storage: claims.storage as unknown as Storage,
    clock,
    random: new SeededRandom(1),
    log: silentLogger,
    host,
  })
  const view = (): ClusterView => applyEvents(emptyView, [cluster.snapshot()])
  const want = async (...shards: readonly ShardId[]): Promise<void> => {
    keeper.reconcile(new Set(shards), view(), self.instanceId)
    await clock.runUntilIdle()
  }
  return { clock, cluster, host, claims, keeper, membership, other, want }
}

it('locks, claims and takes what it wants, all shards in one go', async () => {
  const { want, host, claims, keeper } = await scene()

  await want(one, two)

  expect(claims.asked).toEqual([
    { shard: one, epoch: 1 },
    { shard: two, epoch: 1 },
  ])
  expect(host.log).toEqual([`take ${one} 1`, `take ${two} 1`])
  expect(keeper.ownedCount).toBe(2)
  await keeper.settled()
})

it('gives a shard back when it has drained, and not before', async () => {
  const { want, host, cluster, keeper } = await scene()
  await want(one)

  await want()
  expect(keeper.state(one)).toEqual({ kind: 'draining', epoch: 1 })
  expect(cluster.snapshot().locks).toHaveLength(1)
  host.drained()
  await keeper.released()

  expect(host.log).toEqual([`take ${one} 1`, `drain ${one}`])
  expect(cluster.snapshot().locks).toEqual([])
})

it('waits for a shard that somebody else holds, and takes it when it is free', async () => {
  const { want, host, other, keeper } = await scene()
  await other.acquire([one])

  await want(one)
  expect(keeper.state(one)).toEqual({ kind: 'free' })
  await other.release([one])
  await want(one)

  expect(host.log).toEqual([`take ${one} 2`])
})

it('knows which shards will be owned in a moment', async () => {
  const { want, other, claims, keeper } = await scene()
  await other.acquire([two])
  claims.answer = 'unreachable'

  await want(one, two)
  expect(keeper.state(one).kind).toBe('claiming')
  expect([one, two].map((shard) => keeper.isComing(shard))).toEqual([true, false])

  await other.update({ ...runnerInfo('b'), state: 'draining' })
  await want(two)
  expect([one, two].map((shard) => keeper.isComing(shard))).toEqual([true, true])
  await other.release([two])
  await want(two)
  expect(keeper.isComing(two)).toBe(true)
  await want()
  expect(keeper.isComing(shardId('default', 3))).toBe(false)
})

it('gives the lock back when storage knows a newer owner, and tries again', async () => {
  const { want, host, claims, clock, keeper } = await scene()
  claims.answer = 'fenced'

  await want(one)
  expect(host.log).toEqual([])
  claims.answer = 'claimed'
  await clock.advance(1000)

  expect(keeper.state(one)).toMatchObject({ kind: 'owned', epoch: 2 })
})

it('leaves a shard whose claim was refused alone for a moment, whatever the cluster tells', async () => {
  const { want, claims } = await scene()
  claims.answer = 'fenced'

  for (let change = 0; change < 20; change += 1) await want(one)

  expect(claims.asked).toHaveLength(1)
})

it('claims again while storage cannot be reached', async () => {
  const { want, host, claims, clock } = await scene()
  claims.answer = 'unreachable'

  await want(one)
  await clock.advance(5000)
  expect(host.log).toEqual([])
  claims.answer = 'claimed'
  await clock.advance(1000)

  expect(host.log).toEqual([`take ${one} 1`])
  expect(new Set(claims.asked.map((fence) => fence.epoch))).toEqual(new Set([1]))
})

it('does not take what it no longer wants by the time it could', async () => {
  const { want, host, claims, clock, cluster } = await scene()
  claims.answer = 'unreachable'
  await want(one)

  await want()
  claims.answer = 'claimed'
  await clock.advance(1000)

  expect(host.log).toEqual([])
  expect(cluster.snapshot().locks).toEqual([])
})

it('abandons a shard that another has claimed, and takes it anew', async () => {
  const { want, host, clock, keeper } = await scene()
  await want(one, two)

  keeper.fenced(one, epoch(1))
  keeper.fenced(one, epoch(1))
  await clock.advance(1000)

  expect(host.log.slice(2)).toEqual([`abandon ${one}`, `take ${one} 2`])
})

it('ignores news of a fence that is over', async () => {
  const { want, host, keeper } = await scene()
  await want(one)

  keeper.fenced(one, epoch(7))
  keeper.fenced(two, epoch(1))

  expect(host.log).toEqual([`take ${one} 1`])
})

it('abandons everything when the lease is lost, and does nothing any more', async () => {
  const { want, host, clock, keeper } = await scene()
  await want(one, two)

  keeper.lose()
  await want(one, two)
  await clock.advance(1000)

  expect(host.log.slice(2)).toEqual([`abandon ${one}`, `abandon ${two}`])
  expect(keeper.ownedCount).toBe(0)
})

it('gives back a lock that it holds without knowing', async () => {
  const { want, cluster, membership } = await scene()
  await membership.acquire([one])

  await want()

  expect(cluster.snapshot().locks).toEqual([])
})

it('gives a lock back once, although the cluster still shows it for a moment', async () => {
  const { want, host, keeper, membership, cluster, clock } = await scene()
  const release = vi.spyOn(membership, 'release')
  await want(one)
  const late = applyEvents(emptyView, [cluster.snapshot()])
  await want()
  // The last that it knows when it gives the lock back.
  keeper.reconcile(new Set(), late, runnerInfo('a').instanceId)
  host.drained()
  await keeper.released()

  keeper.reconcile(new Set(), late, runnerInfo('a').instanceId)
  await clock.runUntilIdle()
  expect(release).toHaveBeenCalledTimes(1)

  // A lock that it gets without knowing, later, is another one.
  await want()
  await membership.acquire([one])
  await want()
  expect(cluster.snapshot().locks).toEqual([])
})
