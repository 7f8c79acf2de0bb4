import type { SqlResult, SqlStatement, SqlTransaction } from '@cruster/core/ports'
import { CompiledQuery, type QueryResult } from 'kysely'

/** A transaction of Kysely's, as far as it is needed: what `db.transaction().execute(…)` hands out. */
export interface KyselyTransaction {
  executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>>
}

/**
 * The way back: a transaction that you began with Kysely on PostgreSQL, as `storage.enqueue` takes it. What is enqueued is stored
 * if and only if Kysely commits. It ends when Kysely's transaction ends.
 */
export function sqlOf(transaction: KyselyTransaction): SqlTransaction {
  const execute = async <Row>({ sql, parameters }: SqlStatement): Promise<SqlResult<Row>> => {
    const { rows, numAffectedRows } = await transaction.executeQuery(CompiledQuery.raw(sql, [...parameters]))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller vouches for the shape of the rows
    return { rows: rows as Row[], affected: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) }
  }
  return {
    dialect: 'postgres',
    execute,
    query: async <Row>(template: TemplateStringsArray, ...values: readonly unknown[]) => {
      const sql = template.reduce((text, part, index) => `${text}$${index}${part}`)
      return (await execute<Row>({ sql, parameters: values })).rows
    },
  }
}
