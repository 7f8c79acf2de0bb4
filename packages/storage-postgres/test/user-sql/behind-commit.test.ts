import { expect, it } from 'vitest'
import { address, commit, fence, never, pendingIds, putState, saveMessage } from '../samples.ts'
import { testSchema, until } from '../test-storage.ts'

/** A storage with one connection for transactions, one that commits on it and has to wait, and one that comes behind it. */
async function waitingCommit() {
  const database = await testSchema()
  const storage = await database.open({ transactionConnections: 1 })
  await storage.claim([fence(1)])
  await database.query('create table notes (note text primary key)')
  await database.query('create table links (note text references notes deferrable initially deferred)')
  const notes = async () => (await database.query('select note from notes order by note')).map(({ note }) => note)
  const blocker = await database.connect()
  await blocker.query(`begin; lock table ${database.schema}.shards in exclusive mode`)
  const waiting = () => until('it waits for the other', async () => (await database.query(waitersSql)).length === 1)
  const transaction = await storage.begin(fence(1), never)
  const { signal, abort } = abortable()
  return { ...database, storage, notes, blocker, waiting, transaction, behind: storage.begin(fence(1), signal), abort }
}

const waitersSql =
  "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%' || current_schema() || '%'"

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort(new Error('not wanted')) }
}

it('begins on a connection whose commit is under way, and runs when that is done', async () => {
  const { storage, transaction, behind, blocker, waiting, notes } = await waitingCommit()
  await transaction.sql.query`insert into notes values ('one')`

  const committing = transaction.commit([saveMessage('m')])
  const other = await behind
  const inserting = other.sql.query`insert into notes values ('other')`
  await waiting()
  await blocker.query('commit')

  expect((await committing).kind).toBe('applied')
  await inserting
  expect(await notes()).toEqual(['one'])
  expect((await other.commit([saveMessage('n')])).kind).toBe('applied')
  expect(await notes()).toEqual(['one', 'other'])
  expect(await pendingIds(storage)).toEqual(['m', 'n'])
})

it('is whole although the commit before it on the connection was refused: also statements that nobody waited for', async () => {
  const { storage, transaction, behind, blocker, waiting, notes } = await waitingCommit()
  await transaction.sql.query`insert into notes values ('lost')`

  const committing = transaction.commit([putState('a', 5)])
  const other = await behind
  const inserting = ['a', 'b', 'c'].map((text) => other.sql.query`insert into notes values (${text})`)
  await waiting()
  await blocker.query('commit')

  expect((await committing).kind).toBe('stale')
  await Promise.all(inserting)
  expect(await notes()).toEqual([])
  expect((await other.commit([saveMessage('m')])).kind).toBe('applied')
  expect(await notes()).toEqual(['a', 'b', 'c'])
  expect(await pendingIds(storage)).toEqual(['m'])
})

it('is not rolled back by the one before it whose commit broke a constraint', async () => {
  const { storage, transaction, behind, notes, blocker, waiting } = await waitingCommit()
  await transaction.sql.query`insert into links values ('nowhere')`

  const committing = transaction.commit([saveMessage('lost')])
  const failure = committing.then(undefined, (error: unknown) => error)
  const other = await behind
  const inserting = other.sql.query`insert into notes values ('kept')`
  await waiting()
  await blocker.query('commit')
  expect(await failure).toMatchObject({ outcome: 'not-started', fault: 'statement' })
  await inserting

  expect((await other.commit([saveMessage('m')])).kind).toBe('applied')
  expect(await notes()).toEqual(['kept'])
  expect(await pendingIds(storage)).toEqual(['m'])
})

it.each(['applied', 'stale'])('leaves nothing when it is aborted behind a commit that is %s', async (kind) => {
  const { storage, transaction, behind, abort, blocker, waiting, notes } = await waitingCommit()
  await transaction.sql.query`insert into notes values ('one')`

  const committing = transaction.commit([putState('a', kind === 'applied' ? 1 : 5)])
  const other = await behind
  const inserting = other.sql.query`insert into notes values ('other')`.catch(() => undefined)
  await waiting()
  abort()
  await blocker.query('commit')

  expect((await committing).kind).toBe(kind)
  await inserting
  await other[Symbol.asyncDispose]()
  await using next = await storage.begin(fence(1), never)
  await next.sql.query`insert into notes values ('next')`
  expect((await next.commit([putState('b', 1)])).kind).toBe('applied')
  expect(await notes()).toEqual(kind === 'applied' ? ['next', 'one'] : ['next'])
})

it.each(['applied', 'stale'])(
  'hands the connection on when it was not used behind a commit that is %s',
  async (kind) => {
    const { storage, transaction, behind, blocker, waiting, notes } = await waitingCommit()
    await transaction.sql.query`insert into notes values ('one')`

    const committing = transaction.commit([putState('a', kind === 'applied' ? 1 : 5)])
    const next = storage.begin(fence(1), never)
    await (await behind)[Symbol.asyncDispose]()
    await waiting()
    await using third = await next
    const inserting = third.sql.query`insert into notes values ('third')`
    await blocker.query('commit')

    expect((await committing).kind).toBe(kind)
    await inserting
    expect((await third.commit([putState('b', 1)])).kind).toBe('applied')
    expect(await notes()).toEqual(kind === 'applied' ? ['one', 'third'] : ['third'])
  },
)

it('is unused after a commit that was refused, and the next begins on a connection that has nothing left of it', async () => {
  const { storage, transaction, behind, blocker, waiting, notes } = await waitingCommit()
  await transaction.sql.query`insert into notes values ('lost')`

  const committing = transaction.commit([putState('a', 5)])
  const other = await behind
  await waiting()
  await blocker.query('commit')
  expect((await committing).kind).toBe('stale')
  await other[Symbol.asyncDispose]()

  await using next = await storage.begin(fence(1), never)
  await next.sql.query`insert into notes values ('next')`
  expect((await next.commit([putState('b', 1)])).kind).toBe('applied')
  expect(await notes()).toEqual(['next'])
  expect((await commit(storage, { operations: [saveMessage('m')] })).kind).toBe('applied')
  expect((await storage.states.load(address('a')))?.version).toBeUndefined()
})
