import { SystemClock } from '@cruster/core'
import pg from 'pg'
import type { ClientConfig, PoolClient } from 'pg'
import { AnswerWatch } from './answer-watch.ts'
import { Connection, streamOf } from './connection.ts'
import { PgSession, type SessionHost } from './pg-session.ts'
import type { Sessions, TransactionSession } from './session.ts'
import { WaitingLine } from './waiting-line.ts'

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

/**
 * A pool of connections of `pg`, in its pipeline mode: statements are sent without waiting for the one before.
 *
 * Who waits for a connection is given one as soon as the last statements of its user are on their way; see {@link PgSession}.
 */
export class PgSessions implements Sessions<TransactionSession> {
  readonly #pool: pg.Pool
  readonly #limit: number
  readonly #answerTimeoutMs: number | undefined
  /** Servers answer in real time, whatever clock the storage has. */
  readonly #clock = new SystemClock()
  readonly #connections = new WeakMap<PoolClient, Connection>()
  readonly #host: SessionHost
  readonly #line: WaitingLine<TransactionSession>
  /** Sessions that are in use or asked for. */
  #taken = 0
  /** Connections that are taken from the pool, or about to be. */
  #used = 0
  /** Behind whom somebody may come, in the order in which they began to end. */
  readonly #ending: PgSession[] = []
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
    this.#line = new WaitingLine(this.#clock, acquireTimeoutMs)
    this.#host = {
      canceller: async () => {
        const other = new pg.Client({ ...config, connectionTimeoutMillis: acquireTimeoutMs })
        await other.connect()
        return other
      },
      lend: (session) => this.#lend(session),
      keep: (session) => this.#keep(session),
      released: (session, state) => this.#released(session, state),
    }
  }

  async acquire(): Promise<TransactionSession> {
    this.#taken++
    try {
      if (this.#used < this.#limit) return await this.#open()
      const before = this.#ending.shift()
      if (before !== undefined) return new PgSession(before.connection, this.#host, before)
      return await this.#line.wait()
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
    this.#line.close()
    await this.#pool.end()
  }

  async #open(): Promise<TransactionSession> {
    this.#used++
    try {
      return new PgSession(this.#connectionOf(await this.#pool.connect()), this.#host)
    } catch (cause) {
      this.#used--
      this.#openForNext()
      throw cause
    }
  }

  #lend(session: PgSession): void {
    const { connection } = session
    if (connection.isLost) return
    const next = this.#line.next()
    if (next === undefined) this.#ending.push(session)
    else next.resolve(new PgSession(connection, this.#host, session))
  }

  #keep(session: PgSession): void {
    const at = this.#ending.indexOf(session)
    if (at >= 0) this.#ending.splice(at, 1)
  }

  #released(session: PgSession, state: 'usable' | 'broken'): void {
    const { connection } = session
    if (state === 'broken') connection.destroy()
    this.#keep(session)
    const before = session.withdraw()
    if (before !== undefined) this.#lend(before)
    else if (session.after === undefined) this.#free(connection)
    this.#giveBack()
  }

  /** Nobody uses it any more. */
  #free(connection: Connection): void {
    const isUsable = !connection.isLost && !connection.isUnclean
    const next = isUsable ? this.#line.next() : undefined
    if (next !== undefined) return next.resolve(new PgSession(connection, this.#host))
    connection.client.release(!isUsable)
    this.#used--
    if (!isUsable) this.#openForNext()
  }

  /** There is room for one more, and somebody may wait. */
  #openForNext(): void {
    const next = this.#line.next()
    if (next !== undefined) void this.#open().then(next.resolve, next.reject)
  }

  #giveBack(): void {
    this.#taken--
    if (this.#taken === 0) this.#onIdle()
  }

  #connectionOf(client: PoolClient): Connection {
    const known = this.#connections.get(client)
    if (known !== undefined) return known
    const connection = new Connection(client, this.#watch(client))
    this.#connections.set(client, connection)
    return connection
  }

  #watch(client: PoolClient): AnswerWatch | undefined {
    const timeoutMs = this.#answerTimeoutMs
    if (timeoutMs === undefined) return undefined
    const onSilence = (error: Error): void => void streamOf(client).destroy(error)
    return new AnswerWatch({ clock: this.#clock, timeoutMs, onSilence })
  }
}
