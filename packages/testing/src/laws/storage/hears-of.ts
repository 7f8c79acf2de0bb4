import assert from 'node:assert/strict'
import type { ShardId } from '@cruster/core'
import type { MessageHints } from '@cruster/core/ports'

/** Real time: hints come from outside, so no virtual clock moves them. */
const pauseMs = 20
const mostPauses = 100

/** Fails unless a watch of the hints hears of these shards while messages are sent to each of them, and ends when it is told to. */
export async function hearsOf(
  hints: MessageHints,
  shards: readonly ShardId[],
  send: (nth: number) => Promise<void>,
): Promise<void> {
  const abort = new AbortController()
  const watch = watchHints(hints, abort.signal)
  // A hint may be lost, before the watch has begun above all: so there is always a next message.
  let sent = 0
  while (!watch.hasAll(shards) && sent < mostPauses) {
    await send(++sent)
    await new Promise((resolve) => {
      // oxlint-disable-next-line no-restricted-globals -- see above
      setTimeout(resolve, pauseMs)
    })
  }
  abort.abort()
  await watch.ended

  assert.ok(watch.hasAll(shards), `no hints of ${sent} messages in ${shards.length} shards`)
  for (const [shard, last] of watch.last) assert.ok(last >= 1 && last <= sent, `${shard} has no message ${last}`)
}

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
