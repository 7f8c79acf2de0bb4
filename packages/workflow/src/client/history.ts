/** What an execution has recorded, in a form that can be kept in a file: for people, and for `replay` in tests. */
export interface History {
  readonly workflow: string
  readonly executionId: string
  /** Encoded entries in the order in which they were recorded. */
  readonly entries: readonly Uint8Array[]
}
