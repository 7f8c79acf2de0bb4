/** Conditions of a statement, with the values of their placeholders. */
export class Conditions {
  readonly values: (string | number)[] = []
  readonly #texts: string[] = []

  /** Adds a condition, with a `?` for each value, unless one of them is undefined. */
  add(text: string, ...values: readonly (string | number | undefined)[]): void {
    const known = values.filter((value) => value !== undefined)
    if (known.length < values.length) return
    let index = this.values.length
    this.values.push(...known)
    this.#texts.push(text.replaceAll('?', () => `$${++index}`))
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `where ${this.#texts.join(' and ')}`
  }
}
