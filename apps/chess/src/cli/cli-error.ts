/** What the user is told instead of a stack. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** 1: the server refused, or was not there. 2: the command was not understood. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
