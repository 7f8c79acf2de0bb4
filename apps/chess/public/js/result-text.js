const headlines = { WhiteWins: 'White wins', BlackWins: 'Black wins', Draw: 'Draw', Aborted: 'Game aborted' }

const reasons = {
  Checkmate: 'by checkmate',
  Resignation: 'by resignation',
  Timeout: 'on time',
  DrawAgreement: 'by agreement',
  Stalemate: 'by stalemate',
  ThreefoldRepetition: 'by threefold repetition',
  FiftyMoveRule: 'by the fifty-move rule',
  InsufficientMaterial: 'by insufficient material',
  Aborted: 'It counts for nobody',
}

const scores = { WhiteWins: '1 – 0', BlackWins: '0 – 1', Draw: '½ – ½', Aborted: '–' }

/** `{ headline, reason, score }` of a game that is over, as a player or a spectator would say it. */
export function resultText({ status, resultReason }, side) {
  const winner = { WhiteWins: 'white', BlackWins: 'black' }[status]
  const own = winner === undefined || side === undefined ? undefined : winner === side ? 'You win' : 'You lose'
  return { headline: own ?? headlines[status] ?? '', reason: reasons[resultReason] ?? '', score: scores[status] ?? '' }
}
