import type { SqlResult, SqlStatement, SqlTransaction } from '@cruster/core/ports'

/** What runs one statement in the open transaction. */
export type RunStatement = (statement: SqlStatement) => Promise<SqlResult<Record<string, unknown>>>

/** The user's view of a transaction: statements, no way to end it. */
export class PostgresSql implements SqlTransaction {
  readonly dialect = 'postgres'
  readonly #run: RunStatement

  constructor(run: RunStatement) {
    this.#run = run
  }

  async query<Row = Record<string, unknown>>(
    template: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]> {
    const sql = template.reduce((text, part, index) => `${text}$${index}${part}`)
    const { rows } = await this.execute<Row>({ sql, parameters: values })
    return rows
  }

  async execute<Row = Record<string, unknown>>(statement: SqlStatement): Promise<SqlResult<Row>> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller vouches for the shape of the rows
    return (await this.#run(statement)) as SqlResult<Row>
  }
}
