import {
  runInOrder,
  type Answer,
  type Row,
  type Sessions,
  type Statement,
  type TransactionSession,
} from '../session/session.ts'
import { toClientValue } from '../session/sql-array.ts'

/** What is needed of PGlite. */
export interface PgliteClient {
  query(
    sql: string,
    parameters?: unknown[],
    options?: { readonly parsers?: Record<number, (text: string) => unknown> },
  ): Promise<{ readonly rows: readonly unknown[]; readonly affectedRows?: number }>
  /** Runs several statements without values. */
  exec(sql: string): Promise<unknown>
  close(): Promise<void>
}

/** Whole numbers as numbers: PGlite would give large ones another type. */
const parsers = { 20: Number }

/** PGlite has one connection: who has a session keeps all others waiting, in the order in which they asked. */
export class PgliteSessions implements Sessions<TransactionSession> {
  readonly #client: PgliteClient
  #last: Promise<void> = Promise.resolve()
  #isSetUp: Promise<unknown> | undefined
  readonly #setUp: string

  constructor(client: PgliteClient, setUp: string) {
    this.#client = client
    this.#setUp = setUp
  }

  async acquire(): Promise<TransactionSession> {
    const before = this.#last
    let leave = ignore
    this.#last = new Promise((resolve) => (leave = resolve))
    await before
    try {
      this.#isSetUp ??= this.#client.exec(this.#setUp)
      await this.#isSetUp
    } catch (cause) {
      leave()
      throw cause
    }
    return new PgliteSession(this.#client, leave)
  }

  async close(): Promise<void> {
    await this.#last
  }
}

const ignore = (): void => undefined

class PgliteSession implements TransactionSession {
  readonly #client: PgliteClient
  readonly #leave: () => void
  /** What was asked for last: nothing comes between statements that belong together. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(client: PgliteClient, leave: () => void) {
    this.#client = client
    this.#leave = leave
  }

  run(statement: Statement): Promise<Answer> {
    return this.#next(() => this.#run(statement))
  }

  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]> {
    return this.#next(() => runInOrder(statements, (statement) => this.#run(statement)))
  }

  /** Nobody comes behind it: it has the one connection until it is released. */
  runLast(statements: readonly Statement[]): Promise<readonly Answer[]> {
    return this.runTogether(statements)
  }

  async rollBack(): Promise<void> {
    await this.run({ text: 'rollback' })
  }

  #next<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work)
    this.#last = result.catch(ignore)
    return result
  }

  async #run({ text, values = [], isUsers }: Statement): Promise<Answer> {
    if (isUsers === true) return toAnswer(await this.#client.query(text, [...values]))
    if (values.length > 0) return toAnswer(await this.#client.query(text, values.map(toClientValue), { parsers }))
    if (!/^\s*(select|with)\b/i.test(text)) {
      await this.#client.exec(text)
      return { rows: [], affected: 0 }
    }
    return toAnswer(await this.#client.query(text, [], { parsers }))
  }

  /** It runs in this process: while a statement runs, nobody can ask for anything. */
  async cancel(): Promise<void> {}

  release(state: 'usable' | 'broken'): void {
    if (state === 'usable') return this.#leave()
    // There is no connection to close, so what it has begun is rolled back by hand.
    void this.#client.exec('rollback').then(this.#leave, this.#leave)
  }
}

function toAnswer({ rows, affectedRows }: Awaited<ReturnType<PgliteClient['query']>>): Answer {
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows are objects unless arrays are asked for
    rows: rows as readonly Row[],
    affected: affectedRows === undefined || affectedRows === 0 ? rows.length : affectedRows,
  }
}
