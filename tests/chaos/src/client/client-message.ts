/** A transfer of which a client has begun to speak. */
export interface Transfer {
  readonly id: string
  /** `message`: one activity, which sends the money. `steps`: the client withdraws and deposits. */
  readonly style: 'message' | 'steps'
  readonly from: string
  readonly to: string
  readonly amount: number
}

/**
 * What is known of a transfer. `done`: acknowledged. `refused`: the account was not covered. `notStarted`: given up after
 * errors that all said that nothing had happened. `open`: nobody knows yet.
 */
export type TransferState = 'done' | 'refused' | 'notStarted' | 'open'

/** How one call ended. */
export interface CallReport {
  readonly what: string
  /** `ok`, or the error's code and outcome. */
  readonly outcome: string
  readonly tookMs: number
  readonly timeoutMs: number
}

/** What a client is told at its start. */
export interface ClientTask {
  readonly name: string
  readonly seed: number
  readonly etcdEndpoint: string
  readonly accounts: number
  readonly workers: number
  /** Transfers of a predecessor that nobody knows the end of. */
  readonly open: readonly Transfer[]
  /** Repeats some transfers under keys that nobody has seen: what the audit must notice. */
  readonly doubles: boolean
}

/** What a client says. */
export type ClientMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun'; readonly transfer: Transfer }
  | { readonly kind: 'ended'; readonly transfer: string; readonly state: TransferState }
  | { readonly kind: 'call'; readonly report: CallReport }
  /** What a tally must be at the end. */
  | { readonly kind: 'tally'; readonly id: string; readonly atLeast: number; readonly atMost: number }
  /** The client saw what must not be. */
  | { readonly kind: 'wrong'; readonly text: string }
  | { readonly kind: 'finished' }

/** What a client is told later: begin nothing new, resolve what is open, and say so. */
export interface FinishOrder {
  readonly kind: 'finish'
}
