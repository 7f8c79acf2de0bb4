import type { AnyEntity } from '@cruster/core'
import { hiddenEntity } from '@cruster/sharding/extension'
import type { TestCluster, TestRunner } from '@cruster/testing'

/** The entities that execute a workflow: to find who owns one. */
export function executionsOf(workflow: string): AnyEntity {
  return hiddenEntity(`Workflow/${workflow}`, { methods: {} })
}

/** Who runs an execution. */
export function ownerOf(cluster: TestCluster, workflow: string, id: string): TestRunner {
  return cluster.ownerOf(executionsOf(workflow), id)
}

/** Throws an execution out of memory, as a crash of its owner would; it goes on from what is recorded. */
export async function interrupt(cluster: TestCluster, workflow: string, id: string): Promise<void> {
  const contract = executionsOf(workflow)
  const { sharding } = cluster.runners.find(({ isRunning }) => isRunning)!.runner
  await sharding.interrupt({ shard: sharding.getShardId(contract, id), type: contract.name, id })
}
