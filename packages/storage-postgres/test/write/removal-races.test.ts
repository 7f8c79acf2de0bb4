import type { Operation, PutExecution } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import { address, bytes, commit, fence, putState } from '../samples.ts'
import { testSchema, until } from '../test-storage.ts'

const owner = fence(1)
const applied = { kind: 'applied', sequences: [] }
const stale = { kind: 'stale', address: address('a') }
const none = { messages: 0, replies: 0, executions: 0 }

const append = (position: number, ...texts: readonly string[]): Operation => ({
  kind: 'appendJournal',
  address: address('a'),
  position,
  entries: texts.map(bytes),
})
const put = (status: PutExecution['record']['status']): Operation => ({
  kind: 'putExecution',
  address: address('a'),
  record: { workflow: 'W', version: 1, status, startedAt: 1, retainMs: 0 },
})
const truncate = (position: number): Operation => ({ kind: 'truncateJournal', address: address('a'), position })
const deletion: Operation = { kind: 'deleteExecution', address: address('a') }

/** An execution that has ended, and expired, with three entries in two rows. */
async function world() {
  const { open, connect, query, schema } = await testSchema()
  const [storage, remover] = [await open(), await open()]
  await storage.claim([owner])
  await commit(storage, { fence: owner, operations: [append(1, 'one', 'two')] })
  await commit(storage, { fence: owner, operations: [append(3, 'three'), put('completed')] })

  /** How many of the framework's sessions wait for a lock. */
  const waiting = async (): Promise<number> => {
    const [row] = await query(
      "select count(*)::int from pg_stat_activity where application_name = 'cruster' and wait_event_type = 'Lock' " +
        "and query like '%' || current_schema() || '%'",
    )
    return Number(row?.['count'])
  }
  /** Waits until so many sessions wait, or the work is done without. */
  const standsStill = async (count: number, work: Promise<unknown>): Promise<void> => {
    let isDone = false
    void work.finally(() => (isDone = true)).catch(() => undefined)
    await until(`${count} sessions wait`, async () => isDone || (await waiting()) === count)
  }
  /** Commits operations, which stand still with what they assume checked, before they are written, until they are let go. */
  const held = async (name: string, ...operations: readonly Operation[]) => {
    await commit(storage, { fence: owner, operations: [putState(name, 1)] })
    const blocker = await connect()
    await blocker.query('begin')
    await blocker.query('select from states where entity = $1 for update', [name])
    const before = await waiting()
    const committing = commit(storage, { fence: owner, operations: [putState(name, 2), ...operations] })
    await until('the commit waits', async () => (await waiting()) === before + 1)
    return {
      done: async () => {
        await blocker.query('commit')
        return committing
      },
    }
  }
  /** Keeps whoever wants to remove these rows waiting. */
  const guard = async (sql: string): Promise<() => Promise<unknown>> => {
    const blocker = await connect()
    await blocker.query('begin')
    await blocker.query(sql)
    return () => blocker.query('commit')
  }
  const entries = async (): Promise<readonly string[]> => {
    const read = await storage.journals.read({ address: address('a'), after: 0, limit: 100 })
    return read.map((entry) => new TextDecoder().decode(entry))
  }
  const left = () => query('select position, count from journals order by position')
  const send = (...operations: readonly Operation[]) => commit(storage, { fence: owner, operations })
  return { open, connect, query, schema, storage, remover, waiting, standsStill, held, guard, entries, left, send }
}

describe('pruning while a journal grows', () => {
  it.each([
    ['by entries alone', []],
    ['and its execution goes on', [put('completed')]],
  ])('leaves the execution alone, and removes all of it the next time: %s', async (_, more) => {
    const { remover, held, standsStill, entries, left } = await world()
    const appending = await held('x', append(4, 'four'), ...more)

    const pruning = remover.prune(10)
    await standsStill(2, pruning)
    const answer = await appending.done()

    expect(await pruning).toEqual(none)
    expect(answer).toEqual(applied)
    expect(await entries()).toEqual(['one', 'two', 'three', 'four'])
    expect(await remover.prune(10)).toEqual({ ...none, executions: 1 })
    expect(await left()).toEqual([])
  })

  it('refuses entries that wait until the execution is removed', async () => {
    const { remover, guard, standsStill, left, send } = await world()
    const letGo = await guard('select from journals where position = 1 for key share')
    const pruning = remover.prune(10)
    await standsStill(1, pruning)

    const appending = send(append(4, 'four'))
    await standsStill(2, appending)
    await letGo()

    expect(await appending).toEqual(stale)
    expect(await pruning).toEqual({ ...none, executions: 1 })
    expect(await left()).toEqual([])
  })
})

describe('pruning while others write', () => {
  it('leaves an execution alone to whose journal others have added since it was found, and go on adding', async () => {
    const { open, query, schema, guard, held, standsStill, entries, left, send } = await world()
    // A clock that stops, for who prunes executions, when the statement has begun and has locked nothing yet.
    const lock = `hashtext('${schema}')`
    await query(`
      create function slow_now() returns float8 language plpgsql as $$ begin
        if current_query() like '%executions%' then perform pg_advisory_xact_lock_shared(${lock}); end if;
        return extract(epoch from clock_timestamp()) * 1000;
      end $$`)
    const remover = await open({ now: `${schema}.slow_now()` })
    const letGo = await guard(`select pg_advisory_xact_lock(${lock})`)
    const pruning = remover.prune(10)
    await standsStill(1, pruning)
    expect(await send(append(4, 'four'))).toEqual(applied)
    const appending = await held('x', append(5, 'five'))

    await letGo()
    await standsStill(2, pruning)

    expect(await appending.done()).toEqual(applied)
    expect(await pruning).toEqual(none)
    expect(await entries()).toEqual(['one', 'two', 'three', 'four', 'five'])
    expect(await remover.prune(10)).toEqual({ ...none, executions: 1 })
    expect(await left()).toEqual([])
  })

  it('lets an execution of the same name begin anew behind it', async () => {
    const { storage, remover, guard, standsStill, entries, send } = await world()
    const letGo = await guard('select from journals where position = 1 for key share')
    const pruning = remover.prune(10)
    await standsStill(1, pruning)

    const beginning = send(append(1, 'anew'), put('running'))
    await standsStill(2, beginning)
    await letGo()

    expect(await pruning).toEqual({ ...none, executions: 1 })
    expect(await beginning).toEqual(applied)
    expect(await entries()).toEqual(['anew'])
    expect(await storage.executions.find(address('a'))).toMatchObject({ status: 'running' })
  })

  it('gives up, for the next time, when it and somebody else wait for each other', async () => {
    const { open, connect, schema, standsStill, left } = await world()
    // The server takes back the work of who looks first for a way out.
    const remover = await open({ client: { options: `-c search_path=${schema} -c deadlock_timeout=2s` } })
    const other = await connect()
    await other.query("set deadlock_timeout = '60s'")
    await other.query('begin')
    await other.query('select from journals where position = 1 for update')
    const pruning = remover.prune(10)
    await standsStill(1, pruning)

    await other.query('delete from executions')

    expect(await pruning).toEqual(none)
    await other.query('rollback')
    expect(await remover.prune(10)).toEqual({ ...none, executions: 1 })
    expect(await left()).toEqual([])
  })
})

describe('removing entries while a journal grows', () => {
  it('deletes those as well that were added while the deletion waited', async () => {
    const { remover, held, standsStill, left, query } = await world()
    const appending = await held('x', append(4, 'four'))

    const deleting = commit(remover, { fence: owner, operations: [deletion] })
    await standsStill(2, deleting)

    expect(await appending.done()).toEqual(applied)
    expect(await deleting).toEqual(applied)
    expect(await left()).toEqual([])
    expect(await query('select from executions')).toEqual([])
  })

  it('cuts those off as well that were added while the cut waited, through a row', async () => {
    const { remover, held, standsStill, entries, left, send } = await world()
    await send(truncate(2))
    const appending = await held('x', append(3, 'new three'))

    const cutting = commit(remover, { fence: owner, operations: [truncate(1)] })
    await standsStill(2, cutting)

    expect(await appending.done()).toEqual(applied)
    expect(await cutting).toEqual(applied)
    expect(await left()).toEqual([{ position: 1, count: 1 }])
    expect(await entries()).toEqual(['one'])
  })

  it('refuses entries that wait until the end before them is cut off', async () => {
    const { remover, guard, standsStill, entries, send } = await world()
    await send(append(4, 'four'))
    const letGo = await guard('select from journals where position = 3 for key share')
    const cutting = commit(remover, { fence: owner, operations: [truncate(1)] })
    await standsStill(1, cutting)

    const appending = send(append(5, 'five'))
    await standsStill(2, appending)
    await letGo()

    expect(await cutting).toEqual(applied)
    expect(await appending).toEqual(stale)
    expect(await entries()).toEqual(['one'])
  })

  it('deletes again when one more was added between looking and deleting', async () => {
    const { remover, held, guard, standsStill, waiting, left, query } = await world()
    const first = await held('x', append(4, 'four'))
    const letGo = await guard('select from executions for update')
    const deleting = commit(remover, { fence: owner, operations: [deletion] })
    await standsStill(2, deleting)
    await first.done()
    await until('the deletion waits for the record', async () => (await waiting()) === 1)
    const second = await held('y', append(5, 'five'))
    await letGo()
    await standsStill(2, deleting)

    expect(await second.done()).toEqual(applied)
    expect(await deleting).toEqual(applied)
    expect(await left()).toEqual([])
    expect(await query('select from executions')).toEqual([])
  })
})
