import { PayloadTooLarge, encodeError, encodeExit } from '@cruster/core'
import type { Outcome } from '@cruster/core'
import type { ChunkFrame, Frame } from '@cruster/core/ports'

/** What to do in place of sending a frame that is too large. */
export interface Substitute {
  /** Sent to the other side. */
  readonly send: readonly Frame[]
  /** Taken as if the other side had sent it. */
  readonly receive: readonly Frame[]
}

/**
 * Ends the one call that a frame belongs to with `PayloadTooLarge`, and leaves all others alone: the caller of a request
 * that was not sent, or of a reply or stream that cannot be. Undefined for frames that carry nothing which could be large.
 */
export function substituteFor(frame: Frame, size: number, limit: number): Substitute | undefined {
  const reply = (outcome: Outcome): Frame => {
    if (!('call' in frame)) return frame
    const error = encodeError(new PayloadTooLarge(size, limit, { outcome }))
    return { kind: 'reply', call: frame.call, exit: encodeExit({ kind: 'failure', error }) }
  }
  switch (frame.kind) {
    case 'request':
      return { send: [], receive: [reply('not-started')] }
    case 'reply':
      return { send: [reply('failed')], receive: [] }
    case 'chunk':
      if (frame.values.length > 1) return { send: apart(frame), receive: [] }
      // The caller is told, and the handler here learns that nobody reads on.
      return { send: [reply('failed')], receive: [{ kind: 'cancel', call: frame.call }] }
    default:
      return undefined
  }
}

/** One frame per value. */
function apart({ values, call, sequence }: ChunkFrame): readonly Frame[] {
  return values.map((value, index) => ({ kind: 'chunk', call, sequence: sequence + index, values: [value] }))
}
