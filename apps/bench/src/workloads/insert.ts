import pg from 'pg'
import type { Environment, Load } from '../workload.ts'

const poolSize = 20
const payload = Buffer.alloc(200, 7)

/** A table with a sequence for a key, and autocommit INSERTs of 200 bytes: what people write by hand. */
export class InsertTable implements AsyncDisposable {
  readonly #pool: pg.Pool

  private constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  static async create({ postgresUrl }: Environment): Promise<InsertTable> {
    const pool = new pg.Pool({ connectionString: postgresUrl, max: poolSize })
    await pool.query(
      'create table baseline (id bigint generated always as identity primary key, payload bytea not null)',
    )
    return new InsertTable(pool)
  }

  async insert(): Promise<void> {
    await this.#pool.query({ name: 'insert', text: 'insert into baseline (payload) values ($1)', values: [payload] })
  }

  /** One transaction of so many INSERTs. */
  async insertTogether(rows: number): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('begin')
      for (let row = 0; row < rows; row++) {
        await client.query({ name: 'insert', text: 'insert into baseline (payload) values ($1)', values: [payload] })
      }
      await client.query('commit')
    } finally {
      client.release()
    }
  }

  async count(): Promise<number> {
    const { rows } = await this.#pool.query<{ readonly n: number }>('select count(*)::float8 as n from baseline')
    return rows[0]?.n ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }
}

/** A load of INSERTs: `operation` makes `rows` of them. */
export async function insertLoad(
  environment: Environment,
  rows: number,
  operation: (table: InsertTable) => Promise<void>,
): Promise<Load> {
  const table = await InsertTable.create(environment)
  return {
    operation: () => operation(table),
    verify: async () => ({ rows: (await table.count()) / rows }),
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  }
}
