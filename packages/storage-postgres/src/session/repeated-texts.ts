/** Texts of users that are kept prepared on one connection, at most: each takes memory of the server. */
const limit = 100

/**
 * Texts of users that came before on one connection and have no rows, with the names under which they are prepared when they
 * come again.
 *
 * Statements with rows are not among them: PostgreSQL fails one that is prepared when a change of its tables changes its columns.
 */
export class RepeatedTexts {
  /** In the order of their last use. */
  readonly #names = new Map<string, string>()
  #given = 0

  /** The name of a text that came before. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text)
    if (name === undefined) return undefined
    this.#names.delete(text)
    this.#names.set(text, name)
    return name
  }

  /** A text has come. Returns the name of another that is not kept any more, because there are too many. */
  add(text: string): string | undefined {
    if (this.#names.has(text)) return undefined
    this.#names.set(text, `cruster_user_${++this.#given}`)
    if (this.#names.size <= limit) return undefined
    const [oldest] = this.#names
    if (oldest === undefined) return undefined
    this.#names.delete(oldest[0])
    return oldest[1]
  }
}
