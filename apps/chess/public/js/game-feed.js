import { LiveSocket } from './live-socket.js'

/** A game that goes on tells something every second. A connection that is silent for longer may lead nowhere. */
const longestSilenceMs = 8000
const checkMs = 1000

/**
 * A game as it is now: follows its WebSocket and calls back after each change with the game and what has happened. The
 * running clock is as of that moment.
 */
export class GameFeed {
  game = null
  #socket
  #onChange
  #heardAt = performance.now()
  #watch

  /** Which runner has told the latest: `{ runner, epoch }`. */
  teller = null

  constructor(gameId, onChange) {
    this.#onChange = onChange
    this.#socket = new LiveSocket(`/games/${gameId}/watch`, { onMessage: (event) => this.#take(event) })
    this.#watch = setInterval(() => this.#restartIfSilent(), checkMs)
  }

  close() {
    clearInterval(this.#watch)
    this.#socket.close()
  }

  #take({ runner, epoch, ...event }) {
    this.teller = { runner, epoch }
    this.#heardAt = performance.now()
    if (event.type === 'game') this.game = event
    else if (this.game === null || !this.#apply(event)) return
    this.#onChange(this.game, event.type)
  }

  #restartIfSilent() {
    if (this.game?.status !== 'InProgress' || performance.now() - this.#heardAt < longestSilenceMs) return
    this.#heardAt = performance.now()
    this.#socket.restart()
  }

  #apply(event) {
    const { game } = this
    const { type, ply, move, ...facts } = event
    if (type === 'moved' && ply > game.moves.length + 1) {
      // Something was missed: the first message of a new connection has it all.
      this.#socket.restart()
      return false
    }
    const clocks = { whiteTimeRemaining: facts.whiteTimeRemaining, blackTimeRemaining: facts.blackTimeRemaining }
    if (type === 'moved' && ply > game.moves.length) {
      const { status, resultReason, boardFen } = facts
      const moves = [...game.moves, move]
      this.game = {
        ...game,
        ...clocks,
        moves,
        boardFen,
        status,
        resultReason,
        drawOffer: null,
        lastMoveAt: move.timestamp,
      }
    } else if (type === 'drawOffered') this.game = { ...game, drawOffer: { offeredBy: facts.offeredBy, at: facts.at } }
    else if (type === 'clock') this.game = { ...game, ...clocks }
    else if (type === 'ended')
      this.game = { ...game, ...clocks, status: facts.status, resultReason: facts.resultReason, drawOffer: null }
    else return false
    return true
  }
}
