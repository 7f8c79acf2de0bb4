import assert from 'node:assert/strict'
import type { Storage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import {
  bury,
  commit,
  complete,
  count,
  elsewhere,
  fence,
  home,
  own,
  pending,
  plain,
  putState,
  saveMessage,
  saveReply,
  stateOf,
} from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const durabilityLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST12',
    title: 'has after a restart what was applied before it',
    async check({ storage, reopen }) {
      if (!storage.durable) return
      assert.ok(reopen !== undefined, 'a durable storage needs a world that can reopen it')
      const owner = await own(storage, 3)
      await commit(
        storage,
        [putState('a', 1, 'state'), saveMessage('done'), saveMessage('dead'), saveMessage('m')],
        owner,
      )
      await commit(storage, [complete('done'), saveReply('done', 'exit'), count('m'), bury('dead', 'last')], owner)
      const before = await everything(storage)

      const reopened = await reopen()

      assert.deepEqual(await everything(reopened), before)
      assert.equal(await stateOf(reopened, 'a'), 'state')
      assert.deepEqual(await reopened.claim([fence(2), fence(3)]), ['fenced', 'claimed'])
      assert.deepEqual(await commit(reopened, [saveMessage('next')], owner), { kind: 'applied', sequences: [4] })
    },
  },
]

async function everything(storage: Storage): Promise<unknown> {
  return plain([
    await storage.messages
      .list({ limit: 10 })
      .then((records) => records.map(({ message, ...rest }) => ({ ...message, ...rest, dueInMs: 0 }))),
    await pending(storage),
    await storage.messages.deadLetters({ limit: 10 }),
    await storage.replies.find(saveReply('done', '').id),
    await storage.newestEpoch(),
    [...(await storage.messages.lastSequences([home, elsewhere]))],
  ])
}
