import type { ChessClients } from '../chess-clients.ts'

/**
 * What a game does to its players arrives by message, a moment later. A client that has been answered should not be able
 * to ask faster than that, so the answer waits a moment; should the message take longer, it comes anyway.
 */
const patience = { timeout: '2s' } as const

interface GameOf {
  readonly gameId: string
  readonly players: readonly string[]
}

/** The game exists and its players are in it. */
export async function untilStarted({ profile }: ChessClients, { gameId, players }: GameOf): Promise<void> {
  await Promise.allSettled(players.map((id) => profile(id).untilInGame({ gameId }, patience)))
}

/** The players are free again, the leaderboard has rated the game, and the ranking counts it. */
export async function untilFinished(clients: ChessClients, { gameId, players }: GameOf): Promise<void> {
  await Promise.allSettled(players.map((id) => clients.profile(id).untilOutOfGame({ gameId }, patience)))
  await Promise.allSettled([untilRanked(clients)])
}

async function untilRanked({ leaderboard, ranking }: ChessClients): Promise<void> {
  const games = await leaderboard.countRatedGames(undefined, patience)
  await ranking.untilGames({ games }, patience)
}
