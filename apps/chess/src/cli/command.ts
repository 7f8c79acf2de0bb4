import type { Session } from './session.ts'

/** What a command has to say: for programs, and for people. */
export interface Report {
  readonly json: unknown
  readonly text: string
}

/** Something that the program can do. */
export interface Command {
  /** As it is typed, such as `player register <name>`; what is in `<>` is needed, in `[]` not. */
  readonly usage: string
  readonly summary: string
  /** @param args - what stands where the usage has `<>` and `[]`; those that are needed are there */
  run(session: Session, args: readonly string[]): Promise<Report>
}
