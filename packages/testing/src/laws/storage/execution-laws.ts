import assert from 'node:assert/strict'
import type { Storage, StoredExecution } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { awkwardTexts } from './awkward-texts.ts'
import {
  append,
  deleteExecution,
  findExecution,
  journalOf,
  listedIds,
  putExecution,
  record,
} from './execution-samples.ts'
import { address, commit, complete, own, plain } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const never = new AbortController().signal
const applied = { kind: 'applied', sequences: [] } as const

export const executionLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST21',
    title: 'keeps the last record of an execution, with all its fields',
    async check({ storage }) {
      const owner = await own(storage)
      const parent = { type: 'Workflow/Parent', id: 'p' }
      const full = { version: 7, status: 'paused', startedAt: 123.5, parent, note: 'why', retainMs: 5000 } as const

      assert.equal(await findExecution(storage, 'a'), undefined)
      await commit(storage, [putExecution('a', { workflow: 'Other', note: 'old', retainMs: 1 })], owner)
      assert.deepEqual(await commit(storage, [putExecution('a', full)], owner), applied)
      await commit(storage, [putExecution('b')], owner)

      const { updatedAt, ...rest } = await found(storage, 'a')
      assert.deepEqual(plain(rest), plain({ address: address('a'), ...record(full) }))
      assert.equal(typeof updatedAt, 'number')
      const { updatedAt: _, ...other } = await found(storage, 'b')
      assert.deepEqual(plain(other), plain({ address: address('b'), ...record() }))
    },
  },
  {
    id: 'ST21b',
    title: 'tells when an execution first ended, by its own clock, for as long as it does not go on',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const put = async (status: 'running' | 'paused' | 'completed' | 'failed' | 'cancelled') => {
        await advance(100)
        await commit(storage, [putExecution('a', { status })], owner)
        const { updatedAt, endedAt } = await found(storage, 'a')
        return { updatedAt, endedAt }
      }

      assert.equal((await put('running')).endedAt, undefined)
      assert.equal((await put('paused')).endedAt, undefined)
      const failed = await put('failed')
      assert.equal(failed.endedAt, failed.updatedAt)
      const again = await put('cancelled')
      assert.equal(again.endedAt, failed.endedAt)
      assert.ok(again.updatedAt > failed.updatedAt)
      assert.equal((await put('running')).endedAt, undefined)
      const completed = await put('completed')
      assert.equal(completed.endedAt, completed.updatedAt)

      await advance(100)
      const [running, failing] = (['running', 'failed'] as const).map((status) => putExecution('a', { status }))
      assert.ok(running !== undefined && failing !== undefined)
      await storage.commit([
        { fence: owner, operations: [running] },
        { fence: owner, operations: [failing] },
      ])
      const last = await found(storage, 'a')
      assert.equal(last.endedAt, last.updatedAt)
    },
  },
  {
    id: 'ST21c',
    title: 'deletes the record and the journal of an execution, and takes its id as new then',
    async check({ storage }) {
      const owner = await own(storage)
      for (const id of ['a', 'b']) {
        await commit(storage, [putExecution(id, { status: 'failed' }), append(id, 1, 'one', 'two')], owner)
      }

      assert.deepEqual(await commit(storage, [deleteExecution('a'), deleteExecution('unknown')], owner), applied)

      assert.equal(await findExecution(storage, 'a'), undefined)
      assert.deepEqual(await journalOf(storage, 'a'), [])
      assert.deepEqual(await journalOf(storage, 'b'), ['one', 'two'])
      assert.deepEqual(await commit(storage, [append('a', 1, 'new'), putExecution('a')], owner), applied)
      assert.deepEqual(await journalOf(storage, 'a'), ['new'])
      assert.deepEqual(
        await commit(storage, [deleteExecution('a'), append('a', 1, 'newer'), putExecution('a')], owner),
        applied,
      )
      assert.deepEqual(await journalOf(storage, 'a'), ['newer'])
      assert.equal((await findExecution(storage, 'a'))?.status, 'running')
    },
  },
  {
    id: 'ST21d',
    title: 'changes records with the rest of their unit or transaction, and under its fence',
    async check({ storage }) {
      const former = await own(storage, 1)
      const owner = await own(storage, 2)
      await commit(storage, [putExecution('a', { note: 'first' }), append('a', 1, 'one')], owner)

      const refused = await commit(storage, [putExecution('a', { note: 'lost' }), complete('unknown')], owner)
      assert.equal(refused.kind, 'gone')
      assert.equal((await commit(storage, [deleteExecution('a'), append('a', 9, 'gap')], owner)).kind, 'stale')
      assert.equal((await commit(storage, [deleteExecution('a')], former)).kind, 'fenced')
      await assert.rejects(commit(storage, [putExecution('a', { note: 'lost' })]))
      await assert.rejects(commit(storage, [deleteExecution('a')]))
      await using lost = await storage.begin(owner, never)
      await lost.sql.execute({ sql: 'select 1', parameters: [] })
      assert.equal((await lost.commit([deleteExecution('a'), complete('unknown')])).kind, 'gone')
      assert.equal((await findExecution(storage, 'a'))?.note, 'first')
      assert.deepEqual(await journalOf(storage, 'a'), ['one'])

      await using kept = await storage.begin(owner, never)
      await kept.sql.execute({ sql: 'select 1', parameters: [] })
      assert.deepEqual(await kept.commit([putExecution('a', { note: 'second' })]), applied)
      assert.equal((await findExecution(storage, 'a'))?.note, 'second')
    },
  },
  {
    id: 'ST21e',
    title: 'keeps texts of any content in records, and keeps executions apart whatever their ids',
    async check({ storage }) {
      const owner = await own(storage)
      const puts = awkwardTexts.map((text, index) => ({
        kind: 'putExecution' as const,
        address: { shard: owner.shard, type: `Workflow/${text}`, id: text },
        record: record({ workflow: text, note: text, parent: { type: text, id: text }, startedAt: index }),
      }))
      assert.deepEqual(await commit(storage, puts, owner), applied)

      for (const { address: target, record: put } of puts) {
        const stored = await storage.executions.find(target)
        assert.deepEqual(plain({ ...stored, updatedAt: undefined }), plain({ address: target, ...put }))
        assert.deepEqual(await listedIds(storage, { type: target.type }), [target.id])
      }
      assert.equal(await storage.executions.count({}), awkwardTexts.length)
    },
  },
  {
    id: 'ST12b',
    title: 'has after a restart the journals and records that were applied before it',
    async check({ storage, reopen }) {
      if (!storage.durable) return
      assert.ok(reopen !== undefined, 'a durable storage needs a world that can reopen it')
      const owner = await own(storage)
      await commit(storage, [putExecution('a', { note: 'kept' }), append('a', 1, 'one', 'two')], owner)
      const before = plain(await findExecution(storage, 'a'))

      const reopened = await reopen()

      assert.deepEqual(plain(await findExecution(reopened, 'a')), before)
      assert.deepEqual(await journalOf(reopened, 'a'), ['one', 'two'])
      assert.equal((await commit(reopened, [append('a', 2, 'two again')], owner)).kind, 'stale')
      assert.deepEqual(await commit(reopened, [append('a', 3, 'three')], owner), applied)
    },
  },
]

async function found(storage: Storage, id: string): Promise<StoredExecution> {
  const execution = await findExecution(storage, id)
  assert.ok(execution !== undefined, `execution ${id} is not on record`)
  return execution
}
