import type { ClaimResult, Fence } from '@cruster/core/ports'
import { shardOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Sessions, Statement } from '../session/session.ts'
import { withSession } from '../session/with-session.ts'
import { toStoredText } from '../stored-text.ts'
import { numberArray, textArray } from './sql-arrays.ts'

/**
 * Claims shards. The UPDATE waits for writers in flight, who share the rows of their claims until they commit; those who
 * come later wait for the UPDATE, and then find no row with their epoch.
 */
export async function claimShards(
  { sessions, names }: { readonly sessions: Sessions; readonly names: SqlNames },
  fences: readonly Fence[],
): Promise<readonly ClaimResult[]> {
  const results = new Map<Fence, ClaimResult>()
  for (const round of inRounds(fences)) {
    const { rows } = await withSession(sessions, 'claiming shards', (session, mark) => {
      mark('sent')
      return session.run(claimStatement(names, round))
    })
    const claimed = new Set(rows.map(shardOf))
    for (const fence of round) results.set(fence, claimed.has(fence.shard) ? 'claimed' : 'fenced')
  }
  return fences.map((fence) => results.get(fence) ?? 'fenced')
}

/** Answers with the shards that were claimed. Locks them in their order, as all do. */
function claimStatement({ shards }: SqlNames, fences: readonly Fence[]): Statement {
  const text = `
insert into ${shards} as s (shard, epoch)
select f.shard, f.epoch from unnest($1::text[], $2::int8[]) f (shard, epoch) order by f.shard
on conflict (shard) do update set epoch = excluded.epoch where s.epoch <= excluded.epoch
returning s.shard`
  const values = [
    textArray(fences.map(({ shard }) => toStoredText(shard))),
    numberArray(
      'int8',
      fences.map(({ epoch }) => epoch),
    ),
  ]
  return { name: 'cruster_claim', text, values }
}

/** A statement can change a row once, so claims of the same shard come one after the other. Nearly always one round. */
function inRounds(fences: readonly Fence[]): readonly (readonly Fence[])[] {
  const rounds: Fence[][] = []
  const counts = new Map<string, number>()
  for (const fence of fences) {
    const round = counts.get(fence.shard) ?? 0
    counts.set(fence.shard, round + 1)
    ;(rounds[round] ??= []).push(fence)
  }
  return rounds
}
