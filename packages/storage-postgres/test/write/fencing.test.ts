import { expect, it } from 'vitest'
import { address, commit, fence, putState } from '../samples.ts'
import { testSchema, until } from '../test-storage.ts'

it('waits with a claim for a commit of the former owner that is on its way, and shuts out the next', async () => {
  const { open, connect, query } = await testSchema()
  const [former, next] = [await open(), await open()]
  await former.claim([fence(1)])
  // Holds the row that the commit is to write, so that it stands still with its fence checked.
  const blocker = await connect()
  await commit(former, { fence: fence(1), operations: [putState('a', 1)] })
  await blocker.query("begin; select * from states where entity = 'a' for update")
  const committing = commit(former, { fence: fence(1), operations: [putState('a', 2)] })
  await until('the commit waits', async () => (await waiting(query)) === 1)

  let isClaimed = false
  const claiming = next.claim([fence(2)]).finally(() => (isClaimed = true))
  await until('the claim waits, too', async () => (await waiting(query)) === 2)
  expect(isClaimed).toBe(false)
  await blocker.query('commit')

  expect((await committing).kind).toBe('applied')
  expect(await claiming).toEqual(['claimed'])
  expect((await former.states.load(address('a')))?.version).toBe(2)
  const late = await commit(former, { fence: fence(1), operations: [putState('a', 3)] })
  expect(late).toEqual({ kind: 'fenced', shard: fence(1).shard })
})

it('refuses a commit that waited for a claim', async () => {
  const { open, connect, query, schema } = await testSchema()
  const former = await open()
  await former.claim([fence(1)])
  const other = await connect()
  await other.query('begin')
  await other.query(`update ${schema}.shards set epoch = 2`)
  const committing = commit(former, { fence: fence(1), operations: [putState('a', 1)] })
  await until('the commit waits', async () => (await waiting(query)) === 1)

  await other.query('commit')

  expect(await committing).toEqual({ kind: 'fenced', shard: fence(1).shard })
  expect(await former.states.load(address('a'))).toBeUndefined()
})

it('lets one of many who claim at the same time win, and tells the others', async () => {
  const { open } = await testSchema()
  const storages = await Promise.all([1, 2, 3, 4].map(() => open({ connections: 2 })))
  const shards = Array.from({ length: 20 }, (_, index) => index)

  const answers = await Promise.all(
    storages.map((storage, number) => storage.claim(shards.map((index) => fence(number + 1, index)))),
  )

  expect(answers[3]).toEqual(shards.map(() => 'claimed'))
  for (const [number, storage] of storages.entries()) {
    const results = await storage.commit(
      shards.map((index) => ({ fence: fence(number + 1, index), operations: [putState(`e${index}`, 1, index)] })),
    )
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set([number === 3 ? 'applied' : 'fenced']))
  }
})

/** How many of the framework's sessions wait for a lock. */
async function waiting(query: (sql: string) => Promise<readonly Record<string, unknown>[]>): Promise<number> {
  const [row] = await query(
    "select count(*)::int from pg_stat_activity where application_name = 'cruster' and wait_event_type = 'Lock' " +
      "and query like '%' || current_schema() || '%'",
  )
  return Number(row?.['count'])
}
