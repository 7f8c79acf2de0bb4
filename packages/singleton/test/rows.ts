import type { SqlTransaction } from '@cruster/core/ports'
import { defineEntity, rpc } from '@cruster/core'
import type { TestCluster } from '@cruster/testing'

/** What a run has written, and was accepted. */
export interface Row {
  readonly run: string
  readonly value: number
}

const createTable = async (tx: SqlTransaction): Promise<unknown> =>
  tx.query`create table if not exists accepted (id integer primary key, run text not null, value integer not null)`

/** Writes one row. */
export async function writeRow(tx: SqlTransaction, run: string, value = 0): Promise<void> {
  await createTable(tx)
  await tx.query`insert into accepted (run, value) values (${run}, ${value})`
}

const Rows = defineEntity('Rows', { methods: { all: rpc<void, readonly Row[]>({ persisted: true }) } })

/** To be registered in clusters whose rows are read. */
export const rows = Rows.implement({
  all: async ({ tx }) => {
    await createTable(tx)
    const found = await tx.query<{ run: string; value: number | bigint }>`select run, value from accepted order by id`
    return found.map(({ run, value }) => ({ run, value: Number(value) }))
  },
})

/** All rows that were accepted, in order. */
export async function acceptedRows(cluster: TestCluster): Promise<readonly Row[]> {
  return cluster.settled(cluster.client(Rows).get('all').all())
}

/** Whether the rows of each run stand together: no two runs ever wrote in turns. */
export function areApart(all: readonly Row[]): boolean {
  const order = all.map(({ run }) => run).filter((run, index, runs) => run !== runs[index - 1])
  return new Set(order).size === order.length
}
