import { api } from './api.js'
import { ClockFace } from './clock-face.js'
import { fill, h } from './dom.js'
import { drawPiece } from './pieces.js'
import { capturesOf } from './position.js'

/** A player at the edge of the board: name, rating, what was taken, and the clock. */
export class PlayerBar {
  #name = h('span', { class: 'name' }, '…')
  #rating = h('span', { class: 'rating' })
  #taken = h('div', { class: 'taken' })
  #key = ''
  clock = new ClockFace()

  constructor(side) {
    this.side = side
    const king = drawPiece(side === 'white' ? 'K' : 'k')
    const who = h('div', { class: 'who' }, h('div', {}, this.#name, this.#rating), this.#taken)
    this.element = h('div', { class: `player ${side}` }, h('div', { class: 'avatar' }, king), who, this.clock.element)
  }

  get name() {
    return this.#name.textContent
  }

  /** Asks for name and rating. */
  async load(playerId, isMe) {
    const { username, rating } = await api.player(playerId)
    this.#name.textContent = username
    this.#rating.textContent = rating
    this.element.classList.toggle('me', isMe)
  }

  showCaptures(pieces) {
    const { taken, lead } = capturesOf(pieces, this.side)
    const key = `${taken.join('')} ${lead}`
    if (key === this.#key) return
    this.#key = key
    fill(this.#taken, taken.map(drawPiece), lead > 0 && h('span', { class: 'lead' }, `+${lead}`))
  }

  /** Whose turn it is. */
  setTurn(isTurn) {
    this.element.classList.toggle('turn', isTurn)
  }
}
