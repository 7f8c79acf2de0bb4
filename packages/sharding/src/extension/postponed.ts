/**
 * Thrown by the handler of a native entity: it cannot serve this message now, and that is not the message's fault. A
 * stored message stays, and is delivered again after a growing pause, without being counted as failed. A volatile call
 * is answered with the cause.
 */
export class Postponed extends Error {
  override readonly name = 'Postponed'
}
