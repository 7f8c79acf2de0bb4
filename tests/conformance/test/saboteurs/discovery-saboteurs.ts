import { DiscoveryError, epoch, runnerAddress } from '@cruster/core'
import type { ShardId } from '@cruster/core'
import { MemoryCluster } from '@cruster/core/memory'
import type { Lease, MemoryDiscovery } from '@cruster/core/memory'
import type {
  AcquireResult,
  ClusterSettings,
  Discovery,
  DiscoveryEvent,
  Membership,
  RunnerInfo,
  SettingsResult,
} from '@cruster/core/ports'
import type { DiscoveryParts } from '../discovery-worlds.ts'

/** Replaces a part of a sound world by one that breaks a promise. */
export type DiscoverySaboteur = Partial<DiscoveryParts>

type Batches = AsyncIterable<readonly DiscoveryEvent[]>

const alter = (inner: Discovery, changes: Partial<Discovery>): Discovery => ({
  name: inner.name,
  agree: (settings) => inner.agree(settings),
  join: (info) => inner.join(info),
  watch: (signal) => inner.watch(signal),
  [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  ...changes,
})

const alterMembership = (change: (inner: Membership) => Partial<Membership>): DiscoverySaboteur => ({
  wrap: (discovery) =>
    alter(discovery, {
      join: async (info) => {
        const inner = await discovery.join(info)
        return {
          machineId: inner.machineId,
          lost: inner.lost,
          leaseDeadline: () => inner.leaseDeadline(),
          update: (changed) => inner.update(changed),
          acquire: (shards) => inner.acquire(shards),
          release: (shards) => inner.release(shards),
          [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
          ...change(inner),
        }
      },
    }),
})

const alterWatch = (change: (batches: Batches, discovery: MemoryDiscovery) => Batches): DiscoverySaboteur => ({
  wrap: (discovery) => alter(discovery, { watch: (signal) => change(discovery.watch(signal), discovery) }),
})

const alterCluster = (Broken: typeof MemoryCluster): DiscoverySaboteur => ({
  cluster: (options) => new Broken(options),
})

export const startsWithoutSnapshot = alterWatch(async function* (batches) {
  for await (const batch of batches) yield batch.filter(({ kind }) => kind !== 'snapshot')
})

export const reportsBackwards = alterWatch(async function* (batches) {
  for await (const batch of batches) yield batch.toReversed()
})

export const losesUnlocks = alterWatch(async function* (batches) {
  for await (const batch of batches) yield batch.filter(({ kind }) => kind !== 'shardUnlocked')
})

export const watchesForEver: DiscoverySaboteur = {
  wrap: (discovery) => alter(discovery, { watch: () => discovery.watch(new AbortController().signal) }),
}

export const grantsEveryLock = alterCluster(
  class extends MemoryCluster {
    override acquire(lease: Lease, shards: readonly ShardId[]): readonly AcquireResult[] {
      return super
        .acquire(lease, shards)
        .map(({ shard, ...result }) => (result.kind === 'acquired' ? { shard, ...result } : granted(shard)))
    }
  },
)

const granted = (shard: ShardId): AcquireResult => ({ kind: 'acquired', shard, epoch: epoch(1) })

export const namesNobody = alterMembership((inner) => ({
  acquire: async (shards) =>
    (await inner.acquire(shards)).map((result) =>
      result.kind === 'held' ? { ...result, by: runnerInstanceOf('nobody') } : result,
    ),
}))

const runnerInstanceOf = (name: string): RunnerInfo['instanceId'] => name as RunnerInfo['instanceId']

export const countsEpochsPerMember = alterMembership((inner) => {
  const epochs = new Map<ShardId, number>()
  const held = new Map<ShardId, AcquireResult>()
  return {
    acquire: async (shards) =>
      (await inner.acquire(shards)).map((result) => {
        if (result.kind === 'held') return result
        const known = held.get(result.shard)
        if (known !== undefined) return known
        epochs.set(result.shard, (epochs.get(result.shard) ?? 0) + 1)
        const own = { ...result, epoch: epoch(epochs.get(result.shard) ?? 1) }
        held.set(result.shard, own)
        return own
      }),
    release: async (shards) => {
      for (const shard of shards) held.delete(shard)
      await inner.release(shards)
    },
  }
})

export const renewsEpochs = alterMembership((inner) => ({
  acquire: async (shards) => {
    await inner.release(shards)
    return inner.acquire(shards)
  },
}))

export const releasesNothing = alterMembership(() => ({ release: async () => {} }))

export const releasesWhatOthersHold = alterCluster(
  class extends MemoryCluster {
    readonly #all = new Set<Lease>()

    override join(info: RunnerInfo): Lease {
      const lease = super.join(info)
      this.#all.add(lease)
      return lease
    }

    override release(_: Lease, shards: readonly ShardId[]): void {
      for (const lease of this.#all) super.release(lease, shards)
    }
  },
)

export const keepsLocksOfTheDisposed = alterMembership(() => ({ [Symbol.asyncDispose]: async () => {} }))

export const givesAllTheSameMachineId = alterMembership(() => ({
  machineId: 7 as Membership['machineId'],
}))

export const letsAddressesRepeat: DiscoverySaboteur = {
  cluster: (options) =>
    new (class extends MemoryCluster {
      override join(info: RunnerInfo): Lease {
        const lease = super.join({ ...info, address: runnerAddress(`${info.instanceId}:1`) })
        super.update(lease, { ...lease.info })
        lease.info = info
        return lease
      }
    })(options),
}

export const countsOnItsLeaseForEver = alterMembership(() => ({ leaseDeadline: () => Infinity }))

export const tellsNobodyThatItIsLost = alterMembership(() => ({ lost: new AbortController().signal }))

export const losesLocksBeforeTheLease = alterCluster(
  class extends MemoryCluster {
    override renew(lease: Lease): void {
      super.renew(lease)
      this.clock.setTimer(this.leaseTtlMs / 2, () => this.leave(lease))
    }
  },
)

export const neverLetsALeaseEnd = alterCluster(
  class extends MemoryCluster {
    override renew(): void {
      // Without a renewal there is no end of it either.
    }
  },
)

export const losesHealthyMembers = alterCluster(
  class extends MemoryCluster {
    override join(info: RunnerInfo): Lease {
      const lease = super.join(info)
      this.clock.setTimer(this.leaseTtlMs * 1.5, () => this.leave(lease))
      return lease
    }
  },
)

export const lastSettingsWin = alterCluster(
  class extends MemoryCluster {
    override agree(): SettingsResult {
      return { kind: 'agreed' }
    }
  },
)

export const comparesOnlyWhatIsProposed = alterCluster(
  class extends MemoryCluster {
    #first: ClusterSettings | undefined

    override agree(settings: ClusterSettings): SettingsResult {
      const first = (this.#first ??= settings)
      return super.agree({ ...first, ...settings })
    }
  },
)

export const dropsLocksOnUpdate = alterCluster(
  class extends MemoryCluster {
    override update(lease: Lease, info: RunnerInfo): void {
      super.update(lease, info)
      super.release(
        lease,
        this.snapshot().locks.map(({ shard }) => shard),
      )
    }
  },
)

export const keepsUpdatesToItself = alterMembership(() => ({ update: async () => {} }))

export const throwsItsOwnErrors: DiscoverySaboteur = {
  wrap: (discovery) =>
    alter(discovery, {
      join: (info) =>
        discovery.join(info).catch((error: unknown) => {
          throw error instanceof DiscoveryError ? new TypeError('key exists', { cause: error }) : error
        }),
    }),
}
