import type { EntityAddress } from '@cruster/core'

/** The step of a parent that waits for a child. */
export interface ParentLink extends EntityAddress {
  /** Which of the parent's runs: they are counted from 1, by continueAsNew and restarts. */
  readonly run: number
  readonly step: number
}

/** Begins an execution. */
export interface StartMessage {
  /** The encoded input, checked by its schema. */
  readonly input: Uint8Array
  /** Digest of the input; see `requestDigest`. Tells a start that joins with another input. */
  readonly digest: Uint8Array
  /** Runs on this version. Default: the newest that the owner has. */
  readonly version?: number | undefined
  readonly parent?: ParentLink | undefined
  /** Begins with the recorded steps of another execution of the same type, those before this one; the input is its. */
  readonly fork?: { readonly id: string; readonly beforeStep: number } | undefined
}

/** Something that an execution is told. Values and exits are encoded. */
export type ExecutionEvent =
  | { readonly kind: 'signal'; readonly name: string; readonly payload: Uint8Array }
  /** Gives a deferred its value, or its error; the first wins. */
  | { readonly kind: 'resolve'; readonly name: string; readonly exit: Uint8Array }
  | { readonly kind: 'cancel'; readonly reason?: string | undefined }
  | { readonly kind: 'pause'; readonly reason?: string | undefined }
  | { readonly kind: 'resume' }
  /**
   * Runs it again, from the start or keeping the steps before `beforeStep`, whether it has ended or not. Signals and values of
   * deferreds that had come are kept.
   */
  | { readonly kind: 'restart'; readonly beforeStep?: number | undefined; readonly version?: number | undefined }
  /** From the execution itself: a time has come. */
  | { readonly kind: 'timer'; readonly run: number; readonly step: number; readonly attempt: number }
  /** From the execution itself: it was running when its last message was answered, and is to go on if it does not. */
  | { readonly kind: 'wake' }
  /** From a child: how it ended. */
  | { readonly kind: 'childEnded'; readonly run: number; readonly step: number; readonly exit: Uint8Array }

/**
 * What became of a start or an event.
 *
 * - `accepted`: it is recorded.
 * - `joined`: a start of an execution that had begun with the same input.
 * - `conflict`: a start of an execution that had begun with another input; nothing changed.
 * - `ended`: the execution has ended, so nothing changed.
 * - `alreadyResolved`: the deferred has its value; nothing changed.
 * - `unknown`: there is no such execution.
 */
export type EventReceipt = 'accepted' | 'joined' | 'conflict' | 'ended' | 'alreadyResolved' | 'unknown'
