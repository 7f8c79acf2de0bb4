import { CrusterError } from './cruster-error.ts'

/** The runner or client is being shut down and takes no new work. */
export class ShuttingDown extends CrusterError {
  static readonly code = 'SHUTTING_DOWN'
  override readonly name = 'ShuttingDown'
  readonly code = ShuttingDown.code

  constructor() {
    super('This runner or client is shutting down and takes no new work. The call was not started. Use another one.')
  }

  static revive(): ShuttingDown {
    return new ShuttingDown()
  }
}
