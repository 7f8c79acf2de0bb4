/** A promise that was broken. */
export interface Violation {
  /** Which promise, in a few words: `linearizable`. */
  readonly check: string
  readonly message: string
  /** What it is about, where the trace is to be narrowed down to that: `Counter/a`. */
  readonly about?: string | undefined
}
