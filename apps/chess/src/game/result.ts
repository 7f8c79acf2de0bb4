/** `Pending` is a game that was announced and not created yet. */
export type GameStatus = 'Pending' | 'InProgress' | 'WhiteWins' | 'BlackWins' | 'Draw' | 'Aborted'

export type ResultReason =
  | 'Checkmate'
  | 'Resignation'
  | 'Timeout'
  | 'DrawAgreement'
  | 'Stalemate'
  | 'ThreefoldRepetition'
  | 'FiftyMoveRule'
  | 'InsufficientMaterial'
  | 'Aborted'
