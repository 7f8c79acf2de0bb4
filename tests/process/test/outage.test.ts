import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { describeGaps, wrongEffects } from '../src/load/check-load.ts'

// Real processes, in real time, all at once: most of a minute without etcd is waiting.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

/** How long etcd is away. */
const awayMs = 60_000

it.concurrent('fails no call when etcd restarts', async () => {
  await using cluster = await ProcessCluster.start({ leaseTtlMs: 10_000 })
  const load = await cluster.load()
  const lives = async () => Promise.all(cluster.runners.map(async (runner) => (await runner.status()).instanceId))
  const before = await lives()

  await cluster.etcd.kill()
  await cluster.etcd.restart()
  await sleep(11_000)
  const report = await load.finish()

  console.log(`etcd restarted: ${describeGaps(report)}`)
  expect(report.failed).toEqual([])
  expect(await lives()).toEqual(before)
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
})

it.concurrent.each([
  ['is restarted', 'fast'],
  ['loses its power', 'immediate'],
] as const)('recovers by itself when PostgreSQL %s', async (what, how) => {
  await using cluster = await ProcessCluster.start({ ownPostgres: true })
  const timeoutMs = 5000
  const load = await cluster.load({ timeoutMs })

  await cluster.ownPostgres!.stop(how)
  await sleep(1000)
  await cluster.ownPostgres!.start()
  const recovered = await cluster.until('a counter is incremented again', async () => {
    const call = cluster.runner('a').call({ id: 'after', method: 'add', input: crypto.randomUUID(), timeoutMs: 1000 })
    return call.then(
      () => true,
      () => false,
    )
  })
  await sleep(1000)
  const report = await load.finish()

  const kinds = [...new Set(report.failed.map(({ code, outcome }) => `${code} ${outcome}`))]
  console.log(
    `PostgreSQL ${what}: works again ${Math.round(recovered)} ms after its start; ${report.calls} calls, ` +
      `${report.failed.length} failed: ${kinds.join(', ')}`,
  )
  expect(kinds.filter((kind) => !/^(DEADLINE_EXCEEDED|STORAGE) (unknown|not-started|failed)$/.test(kind))).toEqual([])
  expect(report.slowestMs).toBeLessThan(timeoutMs + 1000)
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
  for (const runner of cluster.runners) expect(runner.output).toMatch(/PostgreSQL|connection/i)
})

it.concurrent('comes back by itself after etcd was away for a minute, and says what happened', async () => {
  await using cluster = await ProcessCluster.start()
  const load = await cluster.load({ timeoutMs: 3000 })
  const before = await Promise.all(cluster.runners.map((runner) => runner.status()))

  await cluster.etcd.kill()
  await sleep(awayMs)
  const meanwhile = await Promise.all(cluster.runners.map((runner) => runner.status()))
  const rowsMeanwhile = (await cluster.applied()).length
  await cluster.etcd.restart()
  const backMs = await cluster.balanced()
  const counted = await cluster.runner('a').call<number>({ id: 'after', method: 'add', input: 'after' })
  const rowsAfter = (await cluster.applied()).length
  await sleep(500)
  const report = await load.finish()
  const after = await Promise.all(cluster.runners.map((runner) => runner.status()))

  const kinds = [...new Set(report.failed.map(({ code, outcome }) => `${code} ${outcome}`))]
  console.log(
    `etcd away for ${awayMs / 1000} s: all shards owned again ${Math.round(backMs)} ms after its return; ` +
      `${report.calls} calls, ${report.failed.length} failed: ${kinds.join(', ')}`,
  )
  expect(meanwhile.map(({ ownedShards }) => ownedShards)).toEqual([0, 0, 0])
  expect(counted).toBe(1)
  expect(rowsAfter).toBeGreaterThan(rowsMeanwhile)
  // Nobody could have started those calls, but for the ones that were under way when the leases ended.
  expect(kinds.filter((kind) => !/^DEADLINE_EXCEEDED (unknown|not-started)$/.test(kind))).toEqual([])
  expect(report.slowestMs).toBeLessThan(4000)
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
  for (const [index, runner] of cluster.runners.entries()) {
    expect(after[index]?.instanceId).not.toBe(before[index]?.instanceId)
    expect(after[index]?.metrics['cruster_leases_lost_total']).toBe(1)
    expect(runner.output).toContain('The lease was lost: all shards are abandoned, and the runner joins anew.')
    expect(runner.output).toContain('The cluster cannot be joined again yet.')
  }
})
