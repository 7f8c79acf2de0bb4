import type pg from 'pg'
import type { PoolClient } from 'pg'
import type { AnswerWatch } from './answer-watch.ts'
import type { ExchangeParts } from './exchange.ts'
import { PreparedStatements } from './prepared-statements.ts'

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

/** How the client is to read what the framework asks for. */
export const types = { getTypeParser: parserOf }

/** A connection, and what it has for as long as it is open. */
export class Connection {
  readonly client: PoolClient
  readonly parts: ExchangeParts
  /** Undefined: the server may take as long as it likes. */
  readonly watch: AnswerWatch | undefined
  /** It broke while somebody used it. */
  isLost = false
  /** Whoever had it last could not roll back what it had begun, since the connection was somebody else's already. */
  isUnclean = false

  constructor(client: PoolClient, watch: AnswerWatch | undefined) {
    this.client = client
    this.watch = watch
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a type of the user's has a number that no list knows
    const user = (type: number): ((text: string) => unknown) => client.getTypeParser(type, 'text')
    this.parts = { prepared: new PreparedStatements(), parsers: { framework: parserOf, user } }
    // The statement that runs fails, too; without a listener the event would end the process.
    client.on('error', () => (this.isLost = true))
    client.once('end', () => {
      this.isLost = true
      watch?.close()
    })
  }

  /** Gives it up, with whatever is on its way on it. */
  destroy(error?: Error): void {
    this.isLost = true
    streamOf(this.client).destroy(error)
  }
}

export function streamOf(client: PoolClient): pg.Connection['stream'] {
  // A client of `pg` has it, which its types do not say.
  return Reflect.get<{ readonly connection: pg.Connection }, 'connection'>(client, 'connection').stream
}
