import type { StatementSync } from 'node:sqlite'
import type { ShardId } from '@cruster/core'
import type { ClaimResult, Fence } from '@cruster/core/ports'
import { numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'

const claimSql = `
insert into cruster_shards (shard, epoch, last_sequence) values (?, ?, 0)
on conflict (shard) do update set epoch = excluded.epoch where epoch <= excluded.epoch`

const nextSequenceSql = `
insert into cruster_shards (shard, epoch, last_sequence) values (?, 0, 1)
on conflict (shard) do update set last_sequence = last_sequence + 1
returning last_sequence`

/** Newest epoch and last sequence of each shard that was ever claimed or sent to. */
export class ShardTable {
  readonly #find: StatementSync
  readonly #newestEpoch: StatementSync
  readonly #claim: StatementSync
  readonly #nextSequence: StatementSync

  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare('select epoch, last_sequence from cruster_shards where shard = ?')
    this.#newestEpoch = connection.prepare('select coalesce(max(epoch), 0) as epoch from cruster_shards')
    this.#claim = connection.prepare(claimSql)
    this.#nextSequence = connection.prepare(nextSequenceSql)
  }

  /** Whether `fence` is the newest claim on its shard. */
  accepts(fence: Fence): boolean {
    const row = this.#find.get(toStoredText(fence.shard))
    return row !== undefined && numberOf(row, 'epoch') === fence.epoch
  }

  newestEpoch(): number {
    const row = this.#newestEpoch.get()
    return row === undefined ? 0 : numberOf(row, 'epoch')
  }

  claim(fence: Fence): ClaimResult {
    return this.#claim.run(toStoredText(fence.shard), fence.epoch).changes === 0 ? 'fenced' : 'claimed'
  }

  lastSequence(shard: ShardId): number {
    const row = this.#find.get(toStoredText(shard))
    return row === undefined ? 0 : numberOf(row, 'last_sequence')
  }

  /** Gives out the next sequence. It is taken back with the transaction or savepoint, so there are no gaps. */
  nextSequence(shard: ShardId): number {
    const row = this.#nextSequence.get(toStoredText(shard))
    return row === undefined ? 0 : numberOf(row, 'last_sequence')
  }
}
