import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { describeGaps, wrongEffects } from '../src/load/check-load.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

it('fails no call when etcd restarts', async () => {
  await using cluster = await ProcessCluster.start({ leaseTtlMs: 5000 })
  const load = await cluster.load()
  const lives = async () => Promise.all(cluster.runners.map(async (runner) => (await runner.status()).instanceId))
  const before = await lives()

  await cluster.etcd.kill()
  await cluster.etcd.restart()
  await sleep(6000)
  const report = await load.finish()

  console.log(`etcd restarted: ${describeGaps(report)}`)
  expect(report.failed).toEqual([])
  expect(await lives()).toEqual(before)
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
})

it.each([
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
