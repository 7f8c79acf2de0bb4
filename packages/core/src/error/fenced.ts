import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** Another runner owns the shard now. Nothing of the refused work was stored. */
export class Fenced extends CrusterError {
  static readonly code = 'FENCED'
  override readonly name = 'Fenced'
  readonly code = Fenced.code
  readonly shard: string

  constructor(shard: string, options: CrusterErrorOptions = {}) {
    super(
      `Shard ${shard} belongs to another runner now, so storage refused the write of its former owner. ` +
        'Nothing of it was stored. Retry: the call goes to the new owner.',
      options,
    )
    this.shard = shard
  }

  override details(): Readonly<Record<string, unknown>> {
    return { shard: this.shard }
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): Fenced {
    return new Fenced(details.text('shard'), options)
  }
}
