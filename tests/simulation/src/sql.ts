import { epoch, shardId } from '@cruster/core'
import type { Storage } from '@cruster/core/ports'

/** A shard that no runner knows. */
const fence = { shard: shardId('simulation', 0), epoch: epoch(1) }

/** Runs statements in a transaction of their own. */
export async function runSql(storage: Storage, statements: readonly string[]): Promise<void> {
  await storage.claim([fence])
  const transaction = await storage.begin(fence, new AbortController().signal)
  for (const sql of statements) await transaction.sql.execute({ sql, parameters: [] })
  await transaction.commit([])
}

export async function rowsOf<Row>(storage: Storage, sql: string): Promise<readonly Row[]> {
  const transaction = await storage.begin(fence, new AbortController().signal)
  const { rows } = await transaction.sql.execute<Row>({ sql, parameters: [] })
  await transaction[Symbol.asyncDispose]()
  return rows
}
