import pg from 'pg'

/** One row that an account wrote: nothing keeps it from being there twice but what is tested. */
export interface LedgerRow {
  readonly transfer: string
  readonly account: string
  readonly amount: number
}

/** What PostgreSQL holds at the end. */
export interface Books {
  readonly rows: readonly LedgerRow[]
  /** Stored messages that wait for their delivery. */
  readonly pending: number
  /** Stored messages that were given up. */
  readonly dead: number
}

export async function createLedger(url: string): Promise<void> {
  await withConnection(url, (client) =>
    client.query('create table public.ledger (transfer text not null, account text not null, amount integer not null)'),
  )
}

export async function readBooks(url: string): Promise<Books> {
  return withConnection(url, async (client) => {
    const count = async (status: string): Promise<number> => {
      const { rows } = await client.query<{ n: number }>(
        'select count(*)::int as n from cruster.messages where status = $1',
        [status],
      )
      return rows[0]?.n ?? 0
    }
    // The rows last: what was pending before has written its own by then, or is counted.
    const [pending, dead] = [await count('pending'), await count('dead')]
    const { rows } = await client.query<LedgerRow>('select transfer, account, amount from public.ledger')
    return { rows, pending, dead }
  })
}

async function withConnection<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  // A connection that breaks fails its queries; nobody else needs to know.
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
