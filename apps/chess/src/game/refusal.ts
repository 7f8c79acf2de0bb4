/** Why an action in a game is not done. Each is a declared error of the ChessGame contract. */
export type RefusalReason =
  'GameOver' | 'NotInGame' | 'NotYourTurn' | 'InvalidMove' | 'NoDrawOffer' | 'CannotAcceptOwnOffer' | 'TooLateToAbort'

export interface Refusal {
  readonly refused: RefusalReason
  /** For people. */
  readonly message: string
}

export function refuse(refused: RefusalReason, message: string): Refusal {
  return { refused, message }
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value
}
