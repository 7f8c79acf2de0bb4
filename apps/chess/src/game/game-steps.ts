import { acceptDraw, offerDraw } from './agree-draw.ts'
import { changeGame } from './change-game.ts'
import type { ByPlayer, GameContext, MoveOutcome, NewGame, PlayerAction, Step } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import { watchFlag } from './flag-watch.ts'
import type { Game, GameSnapshot } from './game.ts'
import { isOver, snapshotOf, startGame } from './game.ts'
import { abort, fallFlag, resign } from './leave-game.ts'
import type { MoveInput } from './play-move.ts'
import { lastMove, playMove } from './play-move.ts'
import type { Refusal } from './refusal.ts'
import { tellPlayersOfStart } from './tell-others.ts'

/** The activities of a game: each changes it in one commit, with its clock, its log and the news of its players. */

export async function begin(
  context: GameContext,
  { origin, ...options }: NewGame,
  timestamp: number,
): Promise<GameSnapshot> {
  const { id, state, self } = context
  if (state.game !== null) throw new ChessGame.errors.AlreadyCreated(undefined, `Game ${id} exists already.`)
  const game = startGame({ gameId: id, ...options }, timestamp)
  state.game = game
  await watchFlag(context, game)
  await tellPlayersOfStart(context, game, origin)
  const { white, black, timeControl } = snapshotOf(game, timestamp)
  await self.logSystemAction({ timestamp, action: 'create', details: { white, black, timeControl, origin } })
  return snapshotOf(game, timestamp)
}

export async function play(context: GameContext, input: MoveInput, timestamp: number): Promise<Step<MoveOutcome>> {
  const { after, end } = await changeGame(context, (game) => playMove(game, input, timestamp))
  const { san, uci, fenAfter, timeTaken } = lastMove(after)
  const { status, resultReason } = after
  const details = { san, uci, timeTaken, status }
  await context.self.logPlayerAction({ timestamp, action: 'move', actor: input.playerId, details })
  return { result: { san, uci, fenAfter, gameOver: isOver(after), status, resultReason }, end }
}

interface Action {
  /** What the audit log calls it. */
  readonly logged: string
  readonly change: (game: Game, playerId: string, now: number) => Game | Refusal
}

const actions: Readonly<Record<PlayerAction, Action>> = {
  offerDraw: { logged: 'draw_offer', change: offerDraw },
  acceptDraw: { logged: 'draw_accept', change: acceptDraw },
  resign: { logged: 'resign', change: resign },
  abort: { logged: 'abort', change: abort },
}

export async function act(
  context: GameContext,
  { playerId, action }: ByPlayer & { readonly action: PlayerAction },
  timestamp: number,
): Promise<Step<GameSnapshot>> {
  const { logged, change } = actions[action]
  const { after, end } = await changeGame(context, (game) => change(game, playerId, timestamp))
  const details = { status: after.status }
  await context.self.logPlayerAction({ timestamp, action: logged, actor: playerId, details })
  return { result: snapshotOf(after, timestamp), end }
}

export async function endOnTime(context: GameContext, timestamp: number): Promise<Step<null>> {
  const { after, end } = await changeGame(context, (game) => fallFlag(game, timestamp))
  const { status } = after
  if (end !== null) await context.self.logSystemAction({ timestamp, action: 'timeout', details: { status } })
  return { result: null, end }
}
