import type { TestClusterOptions } from '@cruster/testing'
import { TestCluster } from '@cruster/testing'
import { expect, onTestFailed, onTestFinished } from 'vitest'

/** A cluster for one test, which is shown when the test fails and which must leave nothing behind. */
export async function startCluster(options: TestClusterOptions): Promise<TestCluster> {
  const cluster = await TestCluster.start(options)
  let picture = ''
  onTestFailed(() => console.error(picture))
  onTestFinished(async () => {
    picture = cluster.describe()
    await cluster[Symbol.asyncDispose]()
    expect(cluster.clock.pendingTimers()).toEqual([])
    expect(cluster.openLines).toBe(0)
  })
  return cluster
}
