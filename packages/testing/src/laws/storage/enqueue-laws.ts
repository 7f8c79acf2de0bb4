import assert from 'node:assert/strict'
import type { SaveMessage, Storage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { hearsOf } from './hears-of.ts'
import { address, bytes, commit, complete, elsewhere, home, ids, own, pending, saveMessage } from './storage-samples.ts'
import type { OwnTransaction, StorageWorld } from './storage-world.ts'

type Enqueue = NonNullable<Storage['enqueue']>

export const enqueueLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST24',
    title: 'stores what is enqueued in a user’s own transaction if and only if the user commits',
    check: (world) =>
      withEnqueue(world, async ({ storage, enqueue, begin }) => {
        const lost = await begin()
        const saves = [saveMessage('lost'), saveMessage('lost too', { address: address('b', elsewhere) })]
        assert.deepEqual(await enqueue(lost.transaction, saves), { kind: 'applied', sequences: [1, 1] })
        if (lost.hasOthersBeside) assert.deepEqual(await pending(storage), [])
        await lost.rollback()
        assert.deepEqual(await pending(storage), [])
        assert.deepEqual(await pending(storage, elsewhere), [])

        const kept = await begin()
        assert.equal((await enqueue(kept.transaction, [saveMessage('one')])).kind, 'applied')
        assert.equal((await enqueue(kept.transaction, [saveMessage('two')])).kind, 'applied')
        if (kept.hasOthersBeside) assert.deepEqual(await pending(storage), [])
        await kept.commit()
        assert.deepEqual(ids(await pending(storage)), ['one', 'two'])
        await world.storage.commit([{ operations: [saveMessage('three')] }])
        const sequences = (await pending(storage)).map(({ sequence }) => sequence)
        assert.deepEqual(sequences, [1, 2, 3])
      }),
  },
  {
    id: 'ST24b',
    title: 'keeps sequences dense when senders and users’ transactions meet, some of which roll back',
    check: (world) =>
      withEnqueue(world, async ({ storage, enqueue, begin }) => {
        const work = Array.from({ length: 12 }, async (_, index) => {
          if (index % 2 === 0) return void (await commit(storage, [saveMessage(`sent ${index}`)]))
          const user = await begin()
          await enqueue(user.transaction, [saveMessage(`own ${index}`), saveMessage(`own too ${index}`)])
          await (index % 4 === 1 ? user.rollback() : user.commit())
        })
        await Promise.all(work)

        const stored = await pending(storage)
        assert.equal(stored.length, 6 + 6)
        assert.deepEqual(
          stored.map(({ sequence }) => sequence),
          stored.map((_, index) => index + 1),
        )
        assert.equal((await storage.messages.lastSequences([home])).get(home), stored.length)
      }),
  },
  {
    id: 'ST24c',
    title: 'answers for a known id as a commit does, and leaves the user’s transaction usable',
    check: (world) =>
      withEnqueue(world, async ({ storage, enqueue, begin }) => {
        const owner = await own(storage)
        await commit(storage, [saveMessage('known', { digest: bytes('digest') })])
        await commit(storage, [saveMessage('done')])
        await commit(storage, [complete('done')], owner)

        const user = await begin()
        const refused = await enqueue(user.transaction, [saveMessage('new'), saveMessage('known')])
        assert.equal(refused.kind, 'duplicate')
        const skipping: readonly SaveMessage[] = [
          { ...saveMessage('known'), ifNew: true },
          { ...saveMessage('new'), ifNew: true },
        ]
        assert.deepEqual(await enqueue(user.transaction, skipping), { kind: 'applied', sequences: [0, 3] })
        assert.deepEqual(await enqueue(user.transaction, skipping), { kind: 'applied', sequences: [0, 0] })
        await user.commit()

        assert.deepEqual(ids(await pending(storage)), ['known', 'new'])
      }),
  },
  {
    id: 'ST24d',
    title: 'refuses a connection on which no transaction is open',
    check: (world) =>
      withEnqueue(world, async ({ storage, enqueue, begin }) => {
        const user = await begin()
        await user.commit()
        await assert.rejects(enqueue(user.transaction, [saveMessage('m')]))
        assert.deepEqual(await pending(storage), [])
      }),
  },
  {
    id: 'ST24e',
    title: 'lets who watches the hints hear of what is enqueued, after the commit',
    check: (world) =>
      withEnqueue(world, async ({ storage, enqueue, begin }) => {
        if (storage.hints === undefined) return
        await hearsOf(storage.hints, [home], async (nth) => {
          const user = await begin()
          await enqueue(user.transaction, [saveMessage(`m${nth}`)])
          await user.commit()
        })
      }),
  },
]

interface EnqueueWorld {
  readonly storage: Storage
  readonly enqueue: Enqueue
  readonly begin: () => Promise<OwnTransaction>
}

/** A storage that has no `enqueue` passes by that; one that has it needs a world that can begin transactions. */
async function withEnqueue(
  { storage, begin }: StorageWorld,
  check: (world: EnqueueWorld) => Promise<void>,
): Promise<void> {
  const enqueue = storage.enqueue?.bind(storage)
  if (enqueue === undefined) return
  assert.ok(begin !== undefined, 'a storage that can enqueue needs a world that can begin transactions')
  await check({ storage, enqueue, begin })
}
