import { auditable } from '../audit/auditable.ts'
import type { GameHost } from '../game-host.ts'
import { created, thrown } from './change-game.ts'
import type { CommandContext, Step } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import { act, begin, endOnTime, play } from './game-steps.ts'
import { isOver, snapshotOf } from './game.ts'
import { movesFor } from './moves-for.ts'
import { isRefusal } from './refusal.ts'
import { tellOfEnd, tellOfStart } from './tell-others.ts'
import { follow, toldBy } from './watch-game.ts'
import { withTicks } from './with-ticks.ts'

/** How often a spectator is told the clocks while nothing else happens: a sign of life too. */
const clockEveryMs = 1000

/** The game itself is pure, in the files beside this one; here it meets its time, its state and the other entities. */
export const chessGame = ChessGame.implement(
  ({ time, runner }: GameHost) => ({
    async create(context, options) {
      const game = await context.self.begin(options)
      await tellOfStart(context, game, options.origin)
      return game
    },
    move: (context, input) => toItsEnd(context, context.self.play(input)),
    offerDraw: (context, { playerId }) => toItsEnd(context, context.self.act({ playerId, action: 'offerDraw' })),
    acceptDraw: (context, { playerId }) => toItsEnd(context, context.self.act({ playerId, action: 'acceptDraw' })),
    resign: (context, { playerId }) => toItsEnd(context, context.self.act({ playerId, action: 'resign' })),
    abort: (context, { playerId }) => toItsEnd(context, context.self.act({ playerId, action: 'abort' })),
    async flagFall(context) {
      await toItsEnd(context, context.self.endOnTime())
    },

    begin: (context, options) => begin(context, options, time.now()),
    play: (context, input) => play(context, input, time.now()),
    act: (context, input) => act(context, input, time.now()),
    endOnTime: (context) => endOnTime(context, time.now()),

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

/** Answers what a step gave; if it ended the game, once all who must know have been told. */
async function toItsEnd<Result>(context: CommandContext, step: Promise<Step<Result>>): Promise<Result> {
  const { result, end } = await step
  if (end !== null) await tellOfEnd(context, end)
  return result
}
