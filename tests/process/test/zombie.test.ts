import { setTimeout as sleep } from 'node:timers/promises'
import { isCrusterError } from '@cruster/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { queryOnce } from '../src/cluster/applied.ts'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { Counter } from '../src/contract.ts'
import { ProgramFailed } from '../src/program/program-process.ts'
import { wrongEffects } from '../src/load/check-load.ts'
import type { RunnerProcess } from '../src/runner/runner-process.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** How a call ended: its value, or what its error says of itself. */
async function ending(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call
  } catch (error) {
    if (isCrusterError(error) || error instanceof ProgramFailed) return `${error.code} ${error.outcome}`
    throw error
  }
}

const versionOf = async (cluster: ProcessCluster, entity: string): Promise<unknown> => {
  const sql = 'select version, encode(state, $2) as state from cruster.states where entity = $1'
  return queryOnce(cluster.postgresUrl, sql, [entity, 'hex'])
}

const others = (cluster: ProcessCluster, victim: RunnerProcess): readonly RunnerProcess[] =>
  cluster.runners.filter((runner) => runner !== victim)

it('accepts nothing of an owner that stood still for longer than its lease', async () => {
  await using cluster = await ProcessCluster.start()
  const victim = cluster.runner('a')
  const [answered = '', noted = '', held = '', late = ''] = await cluster.countersOn(victim, 4)
  const [elsewhere = ''] = await cluster.countersOn(cluster.runner('b'), 1)
  const counters = (await cluster.connect()).client(Counter)
  for (const id of [answered, held, late]) await counters.get(id).bump()
  const before = await versionOf(cluster, late)
  const { instanceId: firstLife } = await victim.status()

  // Under way when the owner stops: a handler, a stored message, an open transaction, and a commit that is on its way.
  const begun = [
    counters.get(answered).addSlowly({ operation: 'under way', ms: 800 }, { timeout: 20_000 }),
    counters.get(held).addInTransaction({ operation: 'in a transaction', ms: 800 }, { timeout: 20_000 }),
  ]
  await victim.notify(noted, 'stored', 800)
  await sleep(300)
  const fromVictim = victim.call<number>({
    id: elsewhere,
    method: 'addSlowly',
    input: { operation: 'its own', ms: 600 },
  })
  await sleep(100)
  victim.postgres.silence()
  const onItsWay = ending(counters.get(late).bump(undefined, { timeout: 700 }))
  await sleep(200)
  victim.freeze()

  const movedMs = await cluster.balanced(others(cluster, victim))
  const answers = await Promise.all(begun)
  const moved = await Promise.all(
    [answered, noted, held].map((id) => counters.get(id).add(`at the next owner of ${id}`, { timeout: 20_000 })),
  )
  // Only now what the old owner wrote reaches PostgreSQL. After that it goes on, and tries to write the rest.
  victim.postgres.heal()
  await sleep(500)
  victim.thaw()
  const back = await cluster.balanced(cluster.runners)
  await cluster.until('the stored message is delivered', async () =>
    (await cluster.applied()).some(({ operation }) => operation === 'stored'),
  )
  await sleep(1000)

  console.log(
    `frozen owner: its shards had new owners after ${Math.round(movedMs)} ms, and it was back ${Math.round(back)} ms after`,
  )
  expect(answers).toEqual([2, 2])
  expect(moved).toEqual([3, 1, 3])
  expect(await onItsWay).toBe('DEADLINE_EXCEEDED unknown')
  expect(await versionOf(cluster, late)).toEqual(before)
  expect(await fromVictim).toBe(1)
  expect((await victim.status()).instanceId).not.toBe(firstLife)
  const rows = await cluster.applied()
  expect(rows.filter(({ runner }) => runner === victim.name)).toEqual([])
  expect(rows.map(({ operation }) => operation).toSorted()).toEqual(
    [
      'under way',
      'in a transaction',
      'stored',
      'its own',
      ...[answered, noted, held].map((id) => `at the next owner of ${id}`),
    ].toSorted(),
  )
})

describe('a cluster in which a runner is cut off', () => {
  let cluster: ProcessCluster
  let round = 0

  beforeAll(async () => {
    cluster = await ProcessCluster.start()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  it.each([
    ['silent', (victim: RunnerProcess) => victim.etcd.silence()],
    ['silent in one direction', (victim: RunnerProcess) => victim.etcd.silence('in')],
  ] as const)('moves the shards of a runner whose way to etcd is %s, and takes it back', async (_, cut) => {
    round += 1
    await cluster.balanced()
    const victim = cluster.runner('a')
    const [mine = '', next = ''] = await cluster.countersOn(victim, 2, `cut-${round}`)
    await using load = await cluster.load()
    const { instanceId: firstLife } = await victim.status()

    cut(victim)
    const movedMs = await cluster.balanced(others(cluster, victim))
    const ownerNow = await cluster.runner('b').call<string>({ id: mine, method: 'where' })
    const lonely = (await victim.status()).ownedShards
    // Nobody can tell it who the owners are now.
    const asked = ending(
      victim.call({ id: mine, method: 'add', input: `asked by the lonely ${round}`, timeoutMs: 1000 }),
    )
    const begun = victim.call({ id: next, method: 'add', input: `asked until it was back ${round}`, timeoutMs: 20_000 })
    const told = await asked
    victim.etcd.heal()
    const backMs = await cluster.balanced()
    const report = await load.finish()

    console.log(
      `without etcd: shards moved after ${Math.round(movedMs)} ms, back ${Math.round(backMs)} ms after it was reached`,
    )
    expect(ownerNow).not.toBe(victim.name)
    expect(lonely).toBe(0)
    expect([1, 'DEADLINE_EXCEEDED not-started']).toContain(told)
    expect(await begun).toBe(1)
    expect((await victim.status()).instanceId).not.toBe(firstLife)
    expect(victim.output).toContain('The lease was lost: all shards are abandoned, and the runner joins anew.')
    expect(report.failed).toEqual([])
    expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
  })

  it.each([
    ['breaks', (victim: RunnerProcess) => victim.postgres.breakLines(), 1000],
    ['is slow', (victim: RunnerProcess) => victim.postgres.delay(400), 2000],
    ['is silent', (victim: RunnerProcess) => victim.postgres.silence(), 4500],
    ['lets nothing come back', (victim: RunnerProcess) => victim.postgres.silence('in'), 4500],
  ] as const)('keeps its promises while the way of one runner to PostgreSQL %s', async (how, harm, ms) => {
    round += 1
    await cluster.balanced()
    const victim = cluster.runner('a')
    const [mine = ''] = await cluster.countersOn(victim, 1, `weather-${round}`)
    const timeoutMs = 4000
    await using load = await cluster.load({ timeoutMs })

    harm(victim)
    await sleep(ms)
    victim.postgres.heal()
    const after = await victim.call<number>({ id: mine, method: 'add', input: `after ${round}`, timeoutMs: 10_000 })
    await sleep(500)
    const report = await load.finish()

    const kinds = [...new Set(report.failed.map(({ code, outcome }) => `${code} ${outcome}`))]
    const failed = report.failed.length === 0 ? 'none failed' : `${report.failed.length} failed: ${kinds.join(', ')}`
    console.log(`PostgreSQL ${how}: ${report.calls} calls, ${failed}; slowest ${Math.round(report.slowestMs)} ms`)
    expect(after).toBe(1)
    // Typed errors only, and none later than its deadline.
    expect(kinds.filter((kind) => !/^(DEADLINE_EXCEEDED|STORAGE) (unknown|not-started|failed)$/.test(kind))).toEqual([])
    expect(report.slowestMs).toBeLessThan(timeoutMs + 1000)
    expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
  })
})
