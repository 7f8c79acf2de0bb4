import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** What is known here of an error that was thrown elsewhere. Its stack stays on the log of the runner that threw it. */
export interface RemoteErrorFields {
  readonly remoteName: string
  readonly remoteMessage: string
  /** The `code` of the original, when it had one that is a string. */
  readonly remoteCode?: string
  /** Of a declared error: its data. */
  readonly data?: unknown
}

/** A handler threw an error that its contract does not declare, or that this side does not know. */
export class RemoteError extends CrusterError {
  static readonly code = 'REMOTE'
  override readonly name = 'RemoteError'
  readonly code = RemoteError.code
  readonly remoteName: string
  readonly remoteMessage: string
  readonly remoteCode: string | undefined
  readonly data: unknown

  constructor(fields: RemoteErrorFields, options: CrusterErrorOptions = {}) {
    super(fields.remoteMessage, { outcome: 'failed', ...options })
    this.remoteName = fields.remoteName
    this.remoteMessage = fields.remoteMessage
    this.remoteCode = fields.remoteCode
    this.data = fields.data
  }

  override details(): Readonly<Record<string, unknown>> {
    return {
      remoteName: this.remoteName,
      ...(this.remoteCode !== undefined && { remoteCode: this.remoteCode }),
      ...(this.data !== undefined && { data: this.data }),
    }
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): RemoteError {
    const remoteCode = details.value('remoteCode')
    return new RemoteError(
      {
        remoteName: details.text('remoteName'),
        remoteMessage: details.message,
        ...(typeof remoteCode === 'string' && { remoteCode }),
        data: details.value('data'),
      },
      options,
    )
  }
}
