import { RepeatedTexts } from './repeated-texts.ts'

/** A column of an answer, as the server describes it. */
export interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** The statements that one connection keeps prepared. */
export class PreparedStatements {
  /** How the rows of a statement are described, as long as it is prepared; undefined while nobody knows whether it is. */
  readonly #fields = new Map<string, readonly Field[] | undefined>()
  readonly #texts = new RepeatedTexts()
  #unneeded: string[] = []

  /** The name under which a statement of the user's is prepared; undefined the first time that it comes. */
  nameOfText(text: string): string | undefined {
    return this.#texts.nameOf(text)
  }

  /** Whether a name was given to the server, which may or may not have it. */
  has(name: string): boolean {
    return this.#fields.has(name)
  }

  /** How the rows of a statement are described. Undefined unless it is certainly prepared. */
  fieldsOf(name: string): readonly Field[] | undefined {
    return this.#fields.get(name)
  }

  /** It was sent to be prepared; or something failed, and the server may not have it any more. */
  doubt(name: string): void {
    this.#fields.set(name, undefined)
  }

  /** The server has it. */
  answered(name: string, fields: readonly Field[]): void {
    this.#fields.set(name, fields)
  }

  /** A statement of the user's was answered, and is prepared when it comes again. */
  answeredText(text: string, fields: readonly Field[]): void {
    if (fields.length > 0) return
    const unneeded = this.#texts.add(text)
    if (unneeded !== undefined && this.#fields.delete(unneeded)) this.#unneeded.push(unneeded)
  }

  /** Names that the server may forget; they are not told a second time. */
  takeUnneeded(): readonly string[] {
    if (this.#unneeded.length === 0) return none
    const unneeded = this.#unneeded
    this.#unneeded = []
    return unneeded
  }
}

const none: readonly string[] = []
