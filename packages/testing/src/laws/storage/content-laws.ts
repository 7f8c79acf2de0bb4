import assert from 'node:assert/strict'
import { requestId, shardId } from '@cruster/core'
import type { Law } from '../../law.ts'
import { awkwardTexts as texts } from './awkward-texts.ts'
import { bytes, commit, message, own, plain } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const contentLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST17',
    title: 'keeps texts of any content, and keeps different ones apart',
    async check({ storage }) {
      const owner = await own(storage)
      const saves = texts.map((text, index) => {
        const address = { shard: owner.shard, type: 'Counter', id: text }
        const parts = { address, method: text, headers: { [text]: text, key: text }, trace: text }
        return message(`${index} ${text}`, parts)
      })

      const messages = saves.map((each) => ({ kind: 'saveMessage', message: each }) as const)
      const states = saves.map(
        ({ address }) => ({ kind: 'putState', address, version: 1, state: bytes(address.id) }) as const,
      )
      assert.equal((await commit(storage, [...messages, ...states], owner)).kind, 'applied')

      for (const saved of saves) {
        const found = await storage.messages.find(saved.id)
        const { sequence: _1, attempts: _2, dueInMs: _3, storedAt: _4, ...rest } = found?.message ?? never
        assert.deepEqual(plain(rest), plain(saved))
        assert.deepEqual(plain((await storage.states.load(saved.address))?.state), plain(bytes(saved.address.id)))
        const listed = await storage.messages.list({ id: saved.address.id, limit: 10 })
        assert.deepEqual(
          listed.map((record) => record.message.id),
          [saved.id],
        )
      }
    },
  },
  {
    id: 'ST17b',
    title: 'keeps empty and large payloads, states, digests and exits',
    async check({ storage }) {
      const owner = await own(storage)
      const large = Uint8Array.from({ length: 2 ** 18 }, (_, index) => index % 251)
      const all = Uint8Array.from({ length: 256 }, (_, index) => index)

      for (const [name, value] of Object.entries({ empty: new Uint8Array(0), all, large })) {
        const { address, ...saved } = message(name, { payload: value, digest: value })
        const target = { ...address, id: name }
        const result = await commit(
          storage,
          [
            { kind: 'saveMessage', message: { ...saved, address: target } },
            { kind: 'putState', address: target, version: 1, state: value },
            {
              kind: 'saveReply',
              id: requestId(`reply ${name}`),
              address: target,
              digest: value,
              exit: value,
              retainMs: 1,
            },
          ],
          owner,
        )

        assert.equal(result.kind, 'applied')
        const found = (await storage.messages.find(saved.id))?.message
        const reply = await storage.replies.find(requestId(`reply ${name}`))
        const state = (await storage.states.load(target))?.state
        for (const read of [found?.payload, found?.digest, reply?.digest, reply?.exit, state])
          assert.deepEqual(plain(read), plain(value))
      }
    },
  },
  {
    id: 'ST17c',
    title: 'keeps the numbers and flags of a message, and shard groups of any name',
    async check({ storage }) {
      const shard = shardId("group: 'é'", 2047)
      const saved = message('m', {
        address: { shard, type: 'Counter', id: 'a' },
        deliverAt: 4_102_444_800_000,
        oneWay: true,
        retainMs: 31_536_000_000,
      })

      await commit(storage, [{ kind: 'saveMessage', message: saved }])

      const [found] = await storage.messages.pending({ shard, after: 0, dueWithinMs: 1e14, limit: 1 })
      const { sequence, attempts, dueInMs: _, storedAt: __, ...rest } = found ?? never
      assert.deepEqual([plain(rest), sequence, attempts], [plain(saved), 1, 0])
    },
  },
]

const never = { sequence: 0, attempts: 0, dueInMs: 0, storedAt: 0 }
