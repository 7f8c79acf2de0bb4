/** One SQL statement with its values beside it. Placeholders are `?` on SQLite and `$1` on PostgreSQL. */
export interface SqlStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** What a statement gave. */
export interface SqlResult<Row> {
  readonly rows: readonly Row[]
  /** Rows inserted, updated or deleted; for a SELECT the number of rows. */
  readonly affected: number
}

/**
 * The transaction in which the surrounding handler commits. It opens with the first statement, ends with the handler,
 * and its statements take effect if and only if the handler's other effects do.
 */
export interface SqlTransaction {
  readonly dialect: 'sqlite' | 'postgres'
  /** Runs a template; each `${value}` becomes a bound parameter, never text. Resolves to the rows. */
  query<Row = Record<string, unknown>>(
    template: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]>
  /** Runs one prepared statement: the door for query builders. */
  execute<Row = Record<string, unknown>>(statement: SqlStatement): Promise<SqlResult<Row>>
}
