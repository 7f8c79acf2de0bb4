/** What everybody starts with. */
export const startRating = 1200

/** How much one game can move a rating. */
const kFactor = 32

/** Points from a game: 1 for a win, ½ for a draw. */
export type Score = 0 | 0.5 | 1

function expectedScore(own: number, opponent: number): number {
  return 1 / (1 + 10 ** ((opponent - own) / 400))
}

/** The ELO rating after a game, as a whole number. */
export function ratingAfter(own: number, opponent: number, score: Score): number {
  return Math.round(own + kFactor * (score - expectedScore(own, opponent)))
}
