import { SystemClock } from '@cruster/core'
import pg from 'pg'
import type { ClientConfig, PoolClient, QueryResult } from 'pg'
import { AnswerWatch } from './answer-watch.ts'
import { Exchange, type ExchangeParts } from './exchange.ts'
import { PreparedStatements } from './prepared-statements.ts'
import type { Answer, Session, Sessions, Statement } from './session.ts'

/** How to make sessions of the client `pg`. */
export interface PgSessionsOptions {
  readonly client: ClientConfig
  /** Connections open at once, at most. */
  readonly limit: number
  /** How long to wait for a free or new connection. */
  readonly acquireTimeoutMs: number
  /** How long the server may say nothing to a statement; then the connection is given up. Default: for ever. */
  readonly answerTimeoutMs?: number
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
  readonly #answerTimeoutMs: number | undefined
  /** Servers answer in real time, whatever clock the storage has. */
  readonly #clock = new SystemClock()
  /** What each connection has for as long as it is open. */
  readonly #kept = new WeakMap<PoolClient, Kept>()
  readonly #canceller: () => Promise<pg.Client>
  /** Sessions that are in use or asked for. */
  #taken = 0
  #onIdle = (): void => undefined

  constructor(options: PgSessionsOptions) {
    const { client, limit, acquireTimeoutMs, answerTimeoutMs, setUp, onIdleError, stayOpen = false } = options
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
    this.#answerTimeoutMs = answerTimeoutMs
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
      const client = await this.#pool.connect()
      const onRelease = (): void => this.#giveBack()
      return new PgSession(client, this.#keptOf(client), { canceller: this.#canceller, onRelease })
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

  #keptOf(client: PoolClient): Kept {
    const known = this.#kept.get(client)
    if (known !== undefined) return known
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a type of the user's has a number that no list knows
    const user = (type: number): ((text: string) => unknown) => client.getTypeParser(type, 'text')
    const parts = { prepared: new PreparedStatements(), parsers: { framework: parserOf, user } }
    const kept = { parts, watch: this.#watch(client) }
    this.#kept.set(client, kept)
    return kept
  }

  #watch(client: PoolClient): AnswerWatch | undefined {
    const timeoutMs = this.#answerTimeoutMs
    if (timeoutMs === undefined) return undefined
    const watch = new AnswerWatch({
      clock: this.#clock,
      timeoutMs,
      onSilence: (error) => connectionOf(client).stream.destroy(error),
    })
    client.once('end', () => watch.close())
    return watch
  }
}

/** What a connection has for as long as it is open. */
interface Kept {
  readonly parts: ExchangeParts
  readonly watch: AnswerWatch | undefined
}

function connectionOf(client: PoolClient): pg.Connection {
  // A client of `pg` has it, which its types do not say.
  return Reflect.get<{ readonly connection: pg.Connection }, 'connection'>(client, 'connection')
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
const parserOf = (type: number): ((text: string) => unknown) => parsers.get(type) ?? asText
const types = { getTypeParser: parserOf }

class PgSession implements Session {
  readonly #client: PoolClient
  readonly #kept: Kept
  readonly #host: SessionHost

  constructor(client: PoolClient, kept: Kept, host: SessionHost) {
    this.#client = client
    this.#kept = kept
    this.#host = host
    client.on('error', ignoreError)
  }

  async run(statement: Statement): Promise<Answer> {
    const { text, values = [], name, isUsers } = statement
    // The simple protocol, which takes texts of several statements.
    if (values.length === 0 && name === undefined && isUsers !== true)
      return toAnswer(await this.#watched(() => this.#client.query({ text, types })))
    const [answer] = await this.runTogether([statement])
    if (answer === undefined) throw new TypeError('a statement was not answered')
    return answer
  }

  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]> {
    const { parts } = this.#kept
    return this.#watched(
      () =>
        new Promise((resolve, reject) => {
          const exchange = new Exchange(statements, parts, (error, answers = []) => {
            if (error === null) resolve(answers)
            else reject(error)
          })
          this.#client.query(exchange)
        }),
    )
  }

  async cancel(): Promise<void> {
    const processID: unknown = Reflect.get(this.#client, 'processID')
    const other = await this.#host.canceller()
    try {
      await other.query('select pg_cancel_backend($1)', [processID])
    } finally {
      await other.end()
    }
  }

  release(state: 'usable' | 'broken'): void {
    this.#client.off('error', ignoreError)
    this.#client.release(state === 'broken')
    this.#host.onRelease()
  }

  /** The server owes an answer until the work is over, however it ends: one that could not be sent is owed nothing. */
  async #watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const { watch } = this.#kept
    watch?.asked()
    try {
      return await work()
    } finally {
      watch?.answered()
    }
  }
}

/** What a session needs of those who lend it. */
interface SessionHost {
  readonly canceller: () => Promise<pg.Client>
  readonly onRelease: () => void
}

/** The statement that runs fails, too; without a listener the event would end the process. */
const ignoreError = (): void => undefined

function toAnswer({ rows, rowCount }: QueryResult<Record<string, unknown>>): Answer {
  return { rows, affected: rowCount ?? 0 }
}
