import type { TestClusterOptions, TestRunner } from '@cruster/testing'
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
  })
  return cluster
}

/** The runner at an address. */
export function runnerAt(cluster: TestCluster, address: string | undefined): TestRunner {
  const found = cluster.runners.find(({ isRunning, runner }) => isRunning && runner.address === address)
  if (found === undefined) throw new Error(`No runner is running at ${address}.`)
  return found
}
