// oxlint-disable-next-line typescript/triple-slash-reference -- projects that compile this source do not find the declaration by themselves
/// <reference path="./pg-utils.d.ts" />
import pg from 'pg'
import utils from 'pg/lib/utils.js'
import { serialize } from 'pg-protocol'
import { NotSent } from '../storage-failure.ts'
import type { Field, PreparedStatements } from './prepared-statements.ts'
import { Packet } from './packet.ts'
import type { Answer, Row, Statement } from './session.ts'
import { SqlArray } from './sql-array.ts'

type ParseText = (text: string) => unknown

/** How values are read, by the number of their type. */
export interface TypeParsers {
  readonly framework: (type: number) => ParseText
  readonly user: (type: number) => ParseText
}

export interface ExchangeParts {
  readonly prepared: PreparedStatements
  readonly parsers: TypeParsers
}

type Callback = (error: unknown, answers?: readonly Answer[]) => void

type Sendable = string | Buffer | SqlArray | null

/** A statement whose values are as the server takes them. */
interface Bindable {
  readonly statement: Statement
  /** Under which it is prepared. */
  readonly name: string | undefined
  readonly values: readonly Sendable[]
  /** How its rows are described, if it is prepared. Looked up when it is sent: the server then is not asked. */
  readonly fields: readonly Field[] | undefined
}

/**
 * Several statements as one message to the server, answered in one message: they are written to the socket at once and end with one
 * `Sync`, so that this process and the server pay for one packet instead of two for each. When a statement fails the server
 * skips those behind it.
 *
 * A query of the client `pg`, which gives it what the server answers. It says to the protocol what `pg.Query` says, several times.
 */
export class Exchange extends pg.Query {
  /** The client calls it when the connection breaks; everything else does not come from outside. */
  callback: Callback
  readonly #parts: ExchangeParts
  readonly #statements: readonly Bindable[]
  readonly #answers: Answer[] = []
  #rows: Row[] = []
  #fields: readonly Field[] | undefined
  #parseTexts: readonly ParseText[] = []
  #isSent = false
  /** What went wrong in this process: a value that could not be sent, or one that could not be read. */
  #failure: { readonly cause: unknown } | undefined

  constructor(statements: readonly Statement[], parts: ExchangeParts, callback: Callback) {
    super('')
    this.callback = callback
    this.#parts = parts
    this.#statements = this.#bindable(statements)
  }

  override submit = ({ stream }: pg.Connection): void => {
    const packet = new Packet()
    for (const name of this.#parts.prepared.takeUnneeded()) packet.add(serialize.close({ type: 'S', name }))
    for (const bindable of this.#statements) this.#write(packet, bindable)
    packet.sync()
    if (!stream.writable) return
    this.#isSent = true
    packet.sendTo(stream)
  }

  /** Whether the server has all statements, or will have them. */
  get isSentWhole(): boolean {
    return this.#isSent && this.#failure === undefined
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#describe(fields)
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#fields === undefined) this.#describe(this.#current?.fields ?? [])
    try {
      this.#rows.push(this.#toRow(values))
    } catch (cause) {
      this.#failure ??= { cause }
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#current !== undefined) this.#answered(this.#current)
    this.#answers.push({ rows: this.#rows, affected: Number(/ (\d+)$/.exec(text)?.[1] ?? 0) })
    this.#rows = []
    this.#fields = undefined
  }

  /** A text without a statement. */
  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handleError(error: Error): void {
    const { name } = this.#current ?? {}
    if (name !== undefined) this.#parts.prepared.doubt(name)
    this.callback(this.#failure?.cause ?? (this.#isSent ? error : new NotSent(error)))
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.callback(null, this.#answers)
    else this.callback(this.#failure.cause)
  }

  /** Nobody has data for it. The server has skipped the `Sync` that came while it waited for them. */
  handleCopyInResponse({ stream }: pg.Connection): void {
    stream.write(Buffer.concat([serialize.copyFail('There is nothing to copy from.'), serialize.sync()]))
  }

  /** Nobody takes what is copied out. */
  handleCopyData(): void {}

  get #current(): Bindable | undefined {
    return this.#statements[this.#answers.length]
  }

  /** Those before the first that has a value which cannot be sent: they run, as they would have if they had come alone. */
  #bindable(statements: readonly Statement[]): readonly Bindable[] {
    const { prepared } = this.#parts
    const bindable: Bindable[] = []
    try {
      for (const statement of statements) {
        const values = (statement.values ?? []).map(toSendable)
        const name = statement.isUsers === true ? prepared.nameOfText(statement.text) : statement.name
        const fields = name === undefined ? undefined : prepared.fieldsOf(name)
        bindable.push({ statement, name, values, fields })
      }
    } catch (cause) {
      this.#failure = { cause }
    }
    return bindable
  }

  #write(packet: Packet, { statement: { text }, name, values, fields }: Bindable): void {
    if (fields !== undefined) packet.bind(name ?? '', values)
    else {
      if (name !== undefined) this.#closeDoubted(packet, name)
      packet.add(serialize.parse({ name: name ?? '', text }))
      packet.bind(name ?? '', values)
      packet.add(serialize.describe({ type: 'P', name: '' }))
    }
    packet.execute()
  }

  /** It is about to be prepared, and may be already. */
  #closeDoubted(packet: Packet, name: string): void {
    const { prepared } = this.#parts
    if (prepared.has(name)) packet.add(serialize.close({ type: 'S', name }))
    prepared.doubt(name)
  }

  #answered({ statement, name, fields = this.#fields ?? [] }: Bindable): void {
    const { prepared } = this.#parts
    if (name !== undefined) prepared.answered(name, fields)
    else if (statement.isUsers === true) prepared.answeredText(statement.text, fields)
  }

  #describe(fields: readonly Field[]): void {
    const { framework, user } = this.#parts.parsers
    const parserOf = this.#current?.statement.isUsers === true ? user : framework
    this.#fields = fields
    this.#parseTexts = fields.map(({ dataTypeID }) => parserOf(dataTypeID))
  }

  #toRow(values: readonly (string | null)[]): Row {
    const row: Record<string, unknown> = {}
    for (const [index, { name }] of (this.#fields ?? []).entries()) {
      const value = values[index] ?? null
      row[name] = value === null ? null : this.#parseTexts[index]?.(value)
    }
    return row
  }
}

function toSendable(value: unknown): Sendable {
  return value instanceof SqlArray ? value : utils.prepareValue(value)
}
