import pg from 'pg'
import type { ClientConfig, PoolClient, QueryResult } from 'pg'
import type { Answer, Session, Sessions, Statement } from './session.ts'

/** How to make sessions of the client `pg`. */
export interface PgSessionsOptions {
  readonly client: ClientConfig
  /** Connections open at once, at most. */
  readonly limit: number
  /** How long to wait for a free or new connection. */
  readonly acquireTimeoutMs: number
  /** Run on each new connection. */
  readonly setUp?: string
  /** Keeps connections that nobody uses. Default: they are closed after ten seconds. */
  readonly stayOpen?: boolean
  /** Hears of connections that break while nobody uses them. */
  readonly onIdleError: (error: Error) => void
}

/** A pool of connections of `pg`, in its pipeline mode: statements are sent without waiting for the one before. */
export class PgSessions implements Sessions {
  readonly #pool: pg.Pool
  readonly #limit: number
  readonly #canceller: () => Promise<pg.Client>
  /** Sessions that are in use or asked for. */
  #taken = 0
  #onIdle = (): void => undefined

  constructor({ client, limit, acquireTimeoutMs, setUp, onIdleError, stayOpen = false }: PgSessionsOptions) {
    const config = { keepAlive: true, ...client, pipeline: true }
    this.#pool = new pg.Pool({
      ...config,
      max: limit,
      ...(stayOpen && { idleTimeoutMillis: 0 }),
      connectionTimeoutMillis: acquireTimeoutMs,
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
      ...(setUp === undefined ? {} : { onConnect: async (connected) => void (await connected.query(setUp)) }),
    })
    this.#limit = limit
    this.#pool.on('error', onIdleError)
    this.#canceller = async () => {
      const other = new pg.Client({ ...config, connectionTimeoutMillis: acquireTimeoutMs })
      await other.connect()
      return other
    }
  }

  async acquire(): Promise<Session> {
    this.#taken++
    try {
      return new PgSession(await this.#pool.connect(), this.#canceller, () => this.#giveBack())
    } catch (cause) {
      this.#giveBack()
      throw cause
    }
  }

  /** Opens all connections that can be had now, so that nobody waits for one later. */
  async open(): Promise<void> {
    const opened = await Promise.allSettled(Array.from({ length: this.#limit }, () => this.acquire()))
    for (const each of opened) if (each.status === 'fulfilled') each.value.release('usable')
  }

  async close(): Promise<void> {
    // A pool that ends forgets those who wait for a connection.
    while (this.#taken > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
    await this.#pool.end()
  }

  #giveBack(): void {
    this.#taken--
    if (this.#taken === 0) this.#onIdle()
  }
}

/** Types as the framework reads them, whatever the program has set for itself in `pg.types`. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  [17, (text) => Buffer.from(text.slice(2), 'hex')],
  [20, Number],
  [23, Number],
  [701, Number],
])
const asText = (text: string): string => text
const types = { getTypeParser: (type: number) => parsers.get(type) ?? asText }

class PgSession implements Session {
  readonly #client: PoolClient
  readonly #canceller: () => Promise<pg.Client>
  readonly #onRelease: () => void

  constructor(client: PoolClient, canceller: () => Promise<pg.Client>, onRelease: () => void) {
    this.#client = client
    this.#canceller = canceller
    this.#onRelease = onRelease
    client.on('error', ignoreError)
  }

  async run({ text, values = [], name }: Statement): Promise<Answer> {
    const query = { text, values: [...values], types, ...(name === undefined ? {} : { name }) }
    return toAnswer(await this.#client.query(query))
  }

  async runForUser({ text, values = [] }: Statement): Promise<Answer> {
    // The extended protocol takes one statement; without values the client would choose the one that takes several.
    const query = { text, values: [...values], queryMode: 'extended' }
    return toAnswer(await this.#client.query<Record<string, unknown>>(query))
  }

  async cancel(): Promise<void> {
    const processID: unknown = Reflect.get(this.#client, 'processID')
    const other = await this.#canceller()
    try {
      await other.query('select pg_cancel_backend($1)', [processID])
    } finally {
      await other.end()
    }
  }

  release(state: 'usable' | 'broken'): void {
    this.#client.off('error', ignoreError)
    this.#client.release(state === 'broken')
    this.#onRelease()
  }
}

/** The statement that runs fails, too; without a listener the event would end the process. */
const ignoreError = (): void => undefined

function toAnswer({ rows, rowCount }: QueryResult<Record<string, unknown>>): Answer {
  return { rows, affected: rowCount ?? 0 }
}
