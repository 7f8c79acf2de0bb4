import { expect, it } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { pendingIds, saveMessage, saveReply, sending } from './samples.ts'

it('rejects a commit in which a unit without a fence does what only the owner may do', async () => {
  await using storage = await openSqliteStorage({ file: ':memory:' })

  await expect(
    storage.commit([sending('m'), { operations: [saveMessage('n'), saveReply('n')] }]),
  ).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'not-started',
    message:
      'A unit without a fence holds saveReply, which only the owner of the shard may do. Nothing was stored. ' +
      'Give the unit the fence of the shard it writes to.',
  })

  expect(await pendingIds(storage)).toEqual([])
})
