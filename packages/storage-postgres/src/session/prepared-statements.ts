/** A column of an answer, as the server describes it. */
export interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** The statements that one connection keeps prepared. */
export class PreparedStatements {
  /** How the rows of a statement are described, as long as it is prepared; undefined while nobody knows whether it is. */
  readonly #fields = new Map<string, readonly Field[] | undefined>()

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
}
