import { z } from 'zod'

/** What the server answers, as far as this program looks at it; the rest is passed on. */

export const player = z.looseObject({
  playerId: z.string(),
  username: z.string(),
  status: z.string(),
  rating: z.number().optional(),
  currentGameId: z.string().nullish(),
})

const move = z.looseObject({
  moveNumber: z.number(),
  color: z.enum(['white', 'black']),
  san: z.string(),
  uci: z.string(),
})

export const game = z.looseObject({
  gameId: z.string(),
  white: z.string(),
  black: z.string(),
  boardFen: z.string(),
  moves: z.array(move),
  status: z.string(),
  resultReason: z.string().nullable(),
  timeControl: z.string(),
  whiteTimeRemaining: z.number(),
  blackTimeRemaining: z.number(),
  drawOffer: z.looseObject({ offeredBy: z.string() }).nullable(),
})

export const moveOutcome = z.looseObject({
  san: z.string(),
  fenAfter: z.string(),
  gameOver: z.boolean(),
  status: z.string(),
  resultReason: z.string().nullable(),
})

export const seekResult = z.union([
  z.looseObject({ matched: z.literal(true), gameId: z.string(), color: z.string(), opponent: z.string() }),
  z.looseObject({ matched: z.literal(false), position: z.number() }),
])

export const ranking = z.array(
  z.looseObject({
    rank: z.number(),
    playerId: z.string(),
    username: z.string(),
    rating: z.number(),
    wins: z.number(),
    losses: z.number(),
    draws: z.number(),
  }),
)

export const stats = z.looseObject({
  runners: z.array(z.looseObject({ address: z.string(), state: z.string(), shards: z.number() })),
  games: z.record(z.string(), z.number()),
  waiting: z.record(z.string(), z.number()),
})

export const liveGames = z.array(
  z.looseObject({ gameId: z.string(), whiteName: z.string(), blackName: z.string(), timeControl: z.string() }),
)

export const legalMoves = z.array(z.string())

export const matchFound = z.looseObject({
  type: z.literal('matchFound'),
  gameId: z.string(),
  color: z.string(),
  opponent: z.string(),
})

const outcome = { status: z.string(), resultReason: z.string().nullable() }

export const watchEvent = z.discriminatedUnion('type', [
  game.extend({ type: z.literal('game') }),
  z.looseObject({ type: z.literal('moved'), move, ...outcome, boardFen: z.string() }),
  z.looseObject({ type: z.literal('drawOffered'), offeredBy: z.string() }),
  z.looseObject({ type: z.literal('ended'), ...outcome }),
])

export type GameAnswer = z.output<typeof game>
export type PlayerAnswer = z.output<typeof player>
export type MoveAnswer = z.output<typeof move>
