import { api } from './api.js'
import { Board } from './board.js'
import { h } from './dom.js'
import { GameFeed } from './game-feed.js'
import { GamePanel } from './game-panel.js'
import { me } from './identity.js'
import { PlayerBar } from './player-bar.js'
import { showResult } from './result-banner.js'
import { shownPosition, turnOf } from './shown-position.js'
import { toast } from './toast.js'

const sides = ['white', 'black']
const yourMove = 'your move'
const title = document.title

/** The leaderboard needs a moment to rate a game. */
const ratingMs = 500

/** The page of one game, for its players and for anybody who has the link. */
export class GameView {
  #gameId
  #feed
  #frame
  #isClosed = false
  /** `white`, `black`, or undefined for a spectator. */
  #side
  #board = new Board({ onMove: (uci, isAnimated) => void this.#move(uci, isAnimated) })
  #bars = { white: new PlayerBar('white'), black: new PlayerBar('black') }
  #panel = new GamePanel({
    browse: (ply) => this.#browse(ply),
    step: (by) => this.#step(by),
    flip: () => this.#flip(),
  })
  #table = h('div', { class: 'table' })
  /** Half-moves of the position on the board; undefined: the latest. */
  #ply
  #legal = { ply: -1, moves: [] }
  /** A move on its way to the server, and at which ply it was made. */
  #sent

  constructor(gameId) {
    this.#gameId = gameId
    this.element = h('main', { class: 'game' }, this.#table, this.#panel.element)
    this.#seat('white')
  }

  async open() {
    const game = await api.game(this.#gameId)
    if (this.#isClosed) return
    this.#side = sides.find((side) => game[side] === me?.playerId)
    this.#seat(this.#side ?? 'white')
    if (this.#side !== undefined) this.#panel.seat(this.#gameId, me.playerId)
    this.#loadPlayers(game)
    this.#update(game, 'game')
    this.#feed = new GameFeed(this.#gameId, (next, event) => this.#update(next, event))
    this.#frame = requestAnimationFrame(this.#tick)
    document.addEventListener('keydown', this.#onKey)
  }

  close() {
    this.#isClosed = true
    this.#feed?.close()
    document.title = title
    cancelAnimationFrame(this.#frame)
    document.removeEventListener('keydown', this.#onKey)
  }

  #loadPlayers(game) {
    for (const side of sides) {
      this.#bars[side].load(game[side], side === this.#side).catch(() => toast('A player could not be loaded.'))
    }
  }

  /** Who sits at the bottom. */
  #seat(side) {
    this.#board.turn(side)
    const other = side === 'white' ? 'black' : 'white'
    this.#table.replaceChildren(this.#bars[other].element, this.#board.element, this.#bars[side].element)
  }

  #flip() {
    this.#seat(this.#board.side === 'white' ? 'black' : 'white')
    if (this.game !== undefined) this.#show(false)
  }

  #update(game, event) {
    const isOver = game.status !== 'InProgress'
    if (this.#feed?.teller) this.#panel.runner.heard(this.#feed.teller, isOver)
    const hasJustEnded = isOver && this.game?.status !== game.status
    this.game = game
    if (event === 'moved') this.#ply = undefined
    this.#setClocks(isOver ? undefined : turnOf(game))
    if (event !== 'clock') this.#show(event !== 'game')
    void this.#loadLegal()
    if (!hasJustEnded) return
    showResult(this.#board.element, { game, side: this.#side })
    setTimeout(() => this.#loadPlayers(game), ratingMs)
  }

  #setClocks(running) {
    for (const side of sides) {
      this.#bars[side].clock.set(this.game[`${side}TimeRemaining`], side === running)
      this.#bars[side].setTurn(side === running)
    }
  }

  #show(isAnimated) {
    const position = shownPosition(this.game, { ply: this.#ply, sent: this.#sent, legal: this.#legal })
    this.#board.show(position, isAnimated)
    for (const bar of Object.values(this.#bars)) bar.showCaptures(position.pieces)
    this.#panel.show(this.game, { ply: position.ply, note: this.#note() })
    document.title = this.#note() === yourMove ? `● Your move · ${title}` : title
  }

  #note() {
    if (this.game.status !== 'InProgress') return 'the game is over'
    if (this.#side === undefined) return 'you are watching'
    return turnOf(this.game) === this.#side ? yourMove : 'waiting for your opponent'
  }

  /** The moves of the player whose turn it is; the rules are the server's. */
  async #loadLegal() {
    const { status, moves: played } = this.game
    const ply = played.length
    if (status !== 'InProgress' || turnOf(this.game) !== this.#side || this.#legal.ply === ply) return
    const moves = await api.legalMoves(this.#gameId, me.playerId).catch(() => undefined)
    if (moves === undefined || this.game.moves.length !== ply) return
    this.#legal = { ply, moves }
    this.#show(true)
  }

  /** Shows a move at once and takes it back should the server refuse it. */
  async #move(uci, isAnimated) {
    this.#sent = { uci, ply: this.game.moves.length }
    this.#ply = undefined
    this.#show(isAnimated)
    try {
      await api.move(this.#gameId, me.playerId, uci)
    } catch (error) {
      this.#sent = undefined
      this.#show(true)
      if (error.code !== 'GAME_OVER') toast(error.message)
    }
  }

  #browse(ply) {
    this.#ply = ply >= this.game.moves.length ? undefined : Math.max(0, ply)
    this.#show(true)
  }

  #step(by) {
    this.#browse((this.#ply ?? this.game.moves.length) + by)
  }

  #tick = () => {
    for (const bar of Object.values(this.#bars)) bar.clock.draw()
    this.#panel.runner.draw()
    this.#frame = requestAnimationFrame(this.#tick)
  }

  #onKey = (event) => {
    const isElsewhere = event.target.closest('input, textarea, select, [role="grid"], [role="dialog"]') !== null
    if (event.defaultPrevented || isElsewhere || event.metaKey || event.ctrlKey) return
    if (event.key === 'ArrowLeft') this.#step(-1)
    else if (event.key === 'ArrowRight') this.#step(1)
    else if (event.key === 'f') this.#flip()
  }
}
