/** How an execution can end. */
export type EndStatus = 'completed' | 'failed' | 'cancelled'

/** Asks for the end of an execution. */
export interface ResultQuestion {
  /** How long to wait for it, in milliseconds; 0 does not wait. Shorter than the call's deadline. */
  readonly waitMs: number
  /** Waits also when no execution is known: its start may be on its way. */
  readonly isExpected: boolean
  /** Digest of the input with which the caller started it: another one is answered with `conflict`. */
  readonly digest?: Uint8Array | undefined
}

/** How an execution ended, or that it has not. The exit is encoded; see `decodeExit`. */
export type ResultAnswer =
  | { readonly kind: 'ended'; readonly status: EndStatus; readonly exit: Uint8Array }
  /** Not by the end of `waitMs`. */
  | { readonly kind: 'running' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown' }

/** It has begun, and not ended. */
export const running: ResultAnswer = Object.freeze({ kind: 'running' })
