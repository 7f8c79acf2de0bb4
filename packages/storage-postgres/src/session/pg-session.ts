import type pg from 'pg'
import type { QueryResult } from 'pg'
import { sqlStateOf } from '../storage-failure.ts'
import { types, type Connection } from './connection.ts'
import { Exchange } from './exchange.ts'
import type { Answer, Statement, TransactionSession } from './session.ts'

/** What a session needs of those who lend it. */
export interface SessionHost {
  readonly canceller: () => Promise<pg.Client>
  /** Its last statements are on their way: somebody else may come behind it on its connection. */
  lend(session: PgSession): void
  /** Nobody may come behind it any more. */
  keep(session: PgSession): void
  released(session: PgSession, state: 'usable' | 'broken'): void
}

/**
 * A connection for somebody.
 *
 * One that comes behind another sends its first statements while the other's last are on their way, so that the server finds them
 * when it is done with those: it need not be woken, and the connection is not idle. Three things follow:
 *
 * - If the other's last statements failed, its transaction may be there still, and the server refuses whatever comes. Then
 *   the one behind rolls back, and sends again what was refused.
 * - Until its first statements are answered the one behind sends no others: they would not be refused together with them.
 * - The one before cannot roll back any more: it would roll back what the one behind has begun.
 */
export class PgSession implements TransactionSession {
  readonly connection: Connection
  readonly #host: SessionHost
  /** Whose last statements may be on their way; undefined as soon as the first of this session are answered. */
  #before: PgSession | undefined
  #after: PgSession | undefined
  /** Resolves when all is answered that was sent so far by one that comes behind another. */
  #turn: Promise<unknown> | undefined
  /** Resolves when the last statements are answered. */
  #ending: Promise<unknown> = Promise.resolve()
  #isReleased = false
  /** Of what it has sent, how much is not answered. */
  #underWay = 0

  constructor(connection: Connection, host: SessionHost, before?: PgSession) {
    this.connection = connection
    this.#host = host
    this.#before = before
    if (before !== undefined) before.#after = this
  }

  /** Who has the connection next. */
  get after(): PgSession | undefined {
    return this.#after
  }

  async run(statement: Statement): Promise<Answer> {
    const { text, values = [], name, isUsers } = statement
    // The simple protocol, which takes texts of several statements.
    if (values.length === 0 && name === undefined && isUsers !== true) return this.#inTurn(() => this.#runSimple(text))
    const [answer] = await this.runTogether([statement])
    if (answer === undefined) throw new TypeError('a statement was not answered')
    return answer
  }

  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]> {
    return this.#inTurn(() => this.#exchange(statements))
  }

  runLast(statements: readonly Statement[]): Promise<readonly Answer[]> {
    // Whatever else it has on its way would come between it and the one behind.
    if (this.#before !== undefined || this.#turn !== undefined || this.#underWay > 0)
      return this.runTogether(statements)
    const answers = this.#exchange(statements, () => this.#host.lend(this))
    this.#ending = answers.catch(() => undefined)
    return answers
  }

  async rollBack(): Promise<void> {
    this.#host.keep(this)
    if (this.#after === undefined) await this.run({ text: 'rollback' })
    else if (this.#after.#before !== undefined) this.connection.isUnclean = true
  }

  async cancel(): Promise<void> {
    // What runs may be what the session before has sent, which must not be cancelled.
    const before = this.#before
    if (before !== undefined) await before.#ending
    const processID: unknown = Reflect.get(this.connection.client, 'processID')
    const other = await this.#host.canceller()
    try {
      await other.query('select pg_cancel_backend($1)', [processID])
    } finally {
      await other.end()
    }
  }

  release(state: 'usable' | 'broken'): void {
    this.#isReleased = true
    this.#host.released(this, state)
  }

  /** Leaves the connection to the session before, which has statements on their way still. Returns it. */
  withdraw(): PgSession | undefined {
    const before = this.#before
    if (before === undefined || before.#isReleased) return undefined
    before.#after = undefined
    this.#before = undefined
    return before
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#before === undefined && this.#turn === undefined) return work()
    const turn = this.#turn === undefined ? this.#first(work) : this.#turn.then(work)
    const ended = turn.then(ignore, ignore).then(() => {
      if (this.#turn === ended) this.#turn = undefined
    })
    this.#turn = ended
    return turn
  }

  /** The first statements of one that comes behind another. */
  async #first<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      if (sqlStateOf(cause) !== '25P02') throw cause
      await this.#runSimple('rollback')
      return await work()
    } finally {
      this.#before = undefined
      this.connection.isUnclean = false
    }
  }

  async #runSimple(text: string): Promise<Answer> {
    return toAnswer(await this.#watched(() => this.connection.client.query({ text, types })))
  }

  #exchange(statements: readonly Statement[], onSent?: () => void): Promise<readonly Answer[]> {
    const { client, parts } = this.connection
    return this.#watched(
      () =>
        new Promise((resolve, reject) => {
          const exchange = new Exchange(statements, parts, (error, answers = []) => {
            if (error === null) resolve(answers)
            else reject(error)
          })
          client.query(exchange)
          if (exchange.isSentWhole) onSent?.()
        }),
    )
  }

  /** The server owes an answer until the work is over, however it ends: one that could not be sent is owed nothing. */
  async #watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const { watch } = this.connection
    watch?.asked()
    this.#underWay++
    try {
      return await work()
    } finally {
      this.#underWay--
      watch?.answered()
    }
  }
}

const ignore = (): void => undefined

function toAnswer({ rows, rowCount }: QueryResult<Record<string, unknown>>): Answer {
  return { rows, affected: rowCount ?? 0 }
}
