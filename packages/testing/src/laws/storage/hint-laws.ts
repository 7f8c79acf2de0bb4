import assert from 'node:assert/strict'
import type { ShardId } from '@cruster/core'
import type { MessageHints } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { address, commit, elsewhere, home, saveMessage } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

/** Real time: hints come from outside, so no virtual clock moves them. */
const pauseMs = 20
const mostPauses = 100

export const hintLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST18',
    title: 'tells who watches the hints of messages that are stored, and stops when it is told to',
    async check({ storage }) {
      if (storage.hints === undefined) return
      const abort = new AbortController()
      const watch = watchHints(storage.hints, abort.signal)

      // A hint may be lost, before the watch has begun above all: so there is always a next message.
      let saved = 0
      while (!watch.hasAll([home, elsewhere]) && saved < mostPauses) {
        saved++
        await commit(storage, [
          saveMessage(`m${saved}`),
          saveMessage(`n${saved}`, { address: address('b', elsewhere) }),
        ])
        await new Promise((resolve) => {
          // oxlint-disable-next-line no-restricted-globals -- see above
          setTimeout(resolve, pauseMs)
        })
      }
      abort.abort()
      await watch.ended

      assert.ok(watch.hasAll([home, elsewhere]), `no hints of ${saved} messages in two shards`)
      for (const [shard, last] of watch.last) assert.ok(last >= 1 && last <= saved, `${shard} has no message ${last}`)
    },
  },
]

interface Watch {
  readonly last: ReadonlyMap<ShardId, number>
  readonly ended: Promise<void>
  hasAll(shards: readonly ShardId[]): boolean
}

function watchHints(hints: MessageHints, signal: AbortSignal): Watch {
  const last = new Map<ShardId, number>()
  const follow = async (): Promise<void> => {
    for await (const hint of hints.watch(signal)) for (const [shard, sequence] of hint) last.set(shard, sequence)
  }
  return { last, ended: follow(), hasAll: (shards) => shards.every((shard) => last.has(shard)) }
}
