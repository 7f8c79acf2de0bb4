import type { InstanceId, ShardId } from '@cruster/core'
import type { DiscoveryEvent, RunnerInfo, ShardLock } from '@cruster/core/ports'

/** What one process knows of the cluster. Immutable; replaced by each batch of events. */
export interface ClusterView {
  readonly runners: ReadonlyMap<InstanceId, RunnerInfo>
  /** Who holds each shard's lock. */
  readonly locks: ReadonlyMap<ShardId, ShardLock>
  /** Counts changes that can change an assignment. */
  readonly topology: number
}

export const emptyView: ClusterView = { runners: new Map(), locks: new Map(), topology: 0 }

interface Draft {
  runners: Map<InstanceId, RunnerInfo>
  locks: Map<ShardId, ShardLock>
  topology: number
}

/** The view after a batch of events. Pure. */
export function applyEvents(view: ClusterView, events: readonly DiscoveryEvent[]): ClusterView {
  const draft: Draft = { runners: new Map(view.runners), locks: new Map(view.locks), topology: view.topology }
  for (const event of events) applyEvent(draft, event)
  return draft
}

function applyEvent(draft: Draft, event: DiscoveryEvent): void {
  switch (event.kind) {
    case 'snapshot':
      draft.runners = new Map(event.runners.map((runner) => [runner.instanceId, runner]))
      draft.locks = new Map(event.locks.map((lock) => [lock.shard, lock]))
      draft.topology += 1
      return
    case 'runnerChanged':
      draft.runners.set(event.runner.instanceId, event.runner)
      draft.topology += 1
      return
    case 'runnerLeft':
      draft.runners.delete(event.instanceId)
      draft.topology += 1
      return
    case 'shardLocked':
      // An older acquisition than the one known can only be late news.
      if (knownEpoch(draft, event.lock.shard) < event.lock.epoch) draft.locks.set(event.lock.shard, event.lock)
      return
    case 'shardUnlocked':
      if (knownEpoch(draft, event.shard) <= event.epoch) draft.locks.delete(event.shard)
  }
}

function knownEpoch({ locks }: Draft, shard: ShardId): number {
  return locks.get(shard)?.epoch ?? 0
}
