import { auditable } from '../audit/auditable.ts'
import type { GameHost } from '../game-host.ts'
import { acceptDraw, offerDraw } from './agree-draw.ts'
import { changeGame, created, thrown } from './change-game.ts'
import type { ByPlayer, GameContext } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import { watchFlag } from './flag-watch.ts'
import type { Game, GameSnapshot } from './game.ts'
import { isOver, snapshotOf, startGame } from './game.ts'
import { abort, fallFlag, resign } from './leave-game.ts'
import { movesFor } from './moves-for.ts'
import { lastMove, playMove } from './play-move.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal } from './refusal.ts'
import { tellOfStart } from './tell-others.ts'
import { follow, toldBy } from './watch-game.ts'
import { withTicks } from './with-ticks.ts'

/** How often a spectator is told the clocks while nothing else happens: a sign of life too. */
const clockEveryMs = 1000

/** The game itself is pure, in the files beside this one; here it meets its time, its state and the other entities. */
export const chessGame = ChessGame.implement(
  ({ time, runner }: GameHost) => ({
    async create(context, { origin, ...options }) {
      const { id, state, self } = context
      if (state.game !== null) throw new ChessGame.errors.AlreadyCreated(undefined, `Game ${id} exists already.`)
      const now = time.now()
      const game = startGame({ gameId: id, ...options }, now)
      state.game = game
      await watchFlag(context, game)
      await tellOfStart(context, game, origin)
      const { white, black, timeControl } = snapshotOf(game, now)
      await self.logSystemAction({ timestamp: now, action: 'create', details: { white, black, timeControl, origin } })
      return snapshotOf(game, now)
    },

    async move(context, input) {
      const timestamp = time.now()
      const next = await changeGame(context, (game) => playMove(game, input, timestamp))
      const { san, uci, fenAfter, timeTaken } = lastMove(next)
      const { status, resultReason } = next
      const details = { san, uci, timeTaken, status }
      await context.self.logPlayerAction({ timestamp, action: 'move', actor: input.playerId, details })
      return { san, uci, fenAfter, gameOver: isOver(next), status, resultReason }
    },

    offerDraw: (context, by) => act(context, by, { now: time.now(), action: 'draw_offer', change: offerDraw }),
    acceptDraw: (context, by) => act(context, by, { now: time.now(), action: 'draw_accept', change: acceptDraw }),
    resign: (context, by) => act(context, by, { now: time.now(), action: 'resign', change: resign }),
    abort: (context, by) => act(context, by, { now: time.now(), action: 'abort', change: abort }),

    async flagFall(context) {
      const timestamp = time.now()
      const { status, resultReason } = await changeGame(context, (game) => fallFlag(game, timestamp))
      if (resultReason !== 'Timeout') return
      await context.self.logSystemAction({ timestamp, action: 'timeout', details: { status } })
    },

    async forget({ state, self }) {
      if (state.game === null || !isOver(state.game)) return
      state.game = null
      await self.clearLog()
    },

    getGame: ({ id, state }) => snapshotOf(created(id, state.game), time.now()),

    legalMoves({ id, state }, { playerId }) {
      const moves = movesFor(created(id, state.game), playerId, time.now())
      return isRefusal(moves) ? thrown(moves) : moves
    },

    watch({ id, epoch, state, changes, resume, signal }) {
      created(id, state.game)
      const states = withTicks(changes(), { time, everyMs: clockEveryMs, signal })
      return toldBy({ runner, epoch }, follow(states, { time, last: resume?.last }))
    },
  }),
  { traits: [auditable] },
)

interface Action {
  readonly now: number
  /** As the audit log calls it. */
  readonly action: string
  readonly change: (game: Game, playerId: string, now: number) => Game | Refusal
}

async function act(context: GameContext, { playerId }: ByPlayer, action: Action): Promise<GameSnapshot> {
  const { now: timestamp } = action
  const next = await changeGame(context, (game) => action.change(game, playerId, timestamp))
  const details = { status: next.status }
  await context.self.logPlayerAction({ timestamp, action: action.action, actor: playerId, details })
  return snapshotOf(next, timestamp)
}
