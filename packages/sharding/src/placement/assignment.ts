import type { InstanceId, ShardId } from '@cruster/core'
import { shardId } from '@cruster/core'
import type { RunnerInfo } from '@cruster/core/ports'
import type { PlacementSettings } from './shard-of.ts'
import { rendezvous } from './rendezvous.ts'

/** Who should own each shard. A shard that nobody can host is missing. */
export type Assignment = ReadonlyMap<ShardId, InstanceId>

/** A runner takes shards of a group while it is active, weighs something and lists the group. */
export function canHost(runner: RunnerInfo, group: string): boolean {
  return runner.state === 'active' && runner.weight > 0 && runner.groups.includes(group)
}

/**
 * The desired owner of every shard: a pure function of who is there, the same on every runner. It ignores who owns
 * what now, so that all runners agree without talking.
 */
export function assign(runners: readonly RunnerInfo[], placement: PlacementSettings): Assignment {
  const assignment = new Map<ShardId, InstanceId>()
  for (const group of new Set(runners.flatMap((runner) => runner.groups))) {
    const candidates = runners
      .filter((runner) => canHost(runner, group))
      .map((runner) => ({ name: runner.address, weight: runner.weight, instanceId: runner.instanceId }))
    for (let index = 0; index < placement.shardsPerGroup; index++) {
      const shard = shardId(group, index)
      const winner = rendezvous(placement.hashVersion, shard, candidates)
      if (winner !== undefined) assignment.set(shard, winner.instanceId)
    }
  }
  return assignment
}

/** The shards that one runner should own. */
export function shardsOf(assignment: Assignment, instance: InstanceId): ReadonlySet<ShardId> {
  const mine = new Set<ShardId>()
  for (const [shard, owner] of assignment) if (owner === instance) mine.add(shard)
  return mine
}
