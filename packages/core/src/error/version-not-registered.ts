import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The runner that owns an execution does not have the version of the workflow on which it runs. It waits for one that has. */
export class VersionNotRegistered extends CrusterError {
  static readonly code = 'VERSION_NOT_REGISTERED'
  override readonly name = 'VersionNotRegistered'
  readonly code = VersionNotRegistered.code
  /** `Workflow/ProcessOrder/order-7`. */
  readonly execution: string
  readonly version: number
  /** Versions that the runner has. */
  readonly registered: readonly number[]

  constructor(execution: string, version: number, registered: readonly number[]) {
    super(
      `${execution} runs on version ${version}, and its owner has ${registered.length === 0 ? 'none' : `only ${registered.join(', ')}`}. ` +
        'It waits. Register that version, beside the newer ones, until no execution needs it.',
    )
    this.execution = execution
    this.version = version
    this.registered = registered
  }

  override details(): Readonly<Record<string, unknown>> {
    return { execution: this.execution, version: this.version, registered: this.registered }
  }

  static revive(details: ErrorDetails): VersionNotRegistered {
    return new VersionNotRegistered(
      details.text('execution'),
      details.number('version'),
      details.list('registered', isNumber),
    )
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}
