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

/** The players are free again, and the leaderboard has rated the game. */
export async function untilFinished({ profile }: ChessClients, { gameId, players }: GameOf): Promise<void> {
  await Promise.allSettled(players.map((id) => profile(id).untilOutOfGame({ gameId }, patience)))
}
