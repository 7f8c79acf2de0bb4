import { api } from './api.js'
import { fill, h } from './dom.js'
import { toast } from './toast.js'

const armedMs = 4000

/** What a player can do besides moving: offer or take a draw, resign, call off. Grave things want a second click. */
export class GameActions {
  #gameId
  #playerId
  #shown = ''

  constructor(gameId, playerId) {
    this.#gameId = gameId
    this.#playerId = playerId
    this.element = h('div', { class: 'actions' })
  }

  show(game) {
    const isOver = game.status !== 'InProgress'
    const offer = game.drawOffer === null ? 'none' : game.drawOffer.offeredBy === this.#playerId ? 'mine' : 'theirs'
    const canAbort = game.moves.length < 2
    const key = `${isOver} ${offer} ${canAbort}`
    if (key === this.#shown) return
    this.#shown = key
    fill(this.element, isOver ? [] : [this.#draw(offer), canAbort ? this.#abort() : this.#resign()])
  }

  #draw(offer) {
    if (offer === 'mine') return h('button', { type: 'button', disabled: true }, 'Draw offered')
    if (offer === 'none') return h('button', { type: 'button', onclick: () => this.#do('draw/offer') }, 'Offer draw')
    const accept = h(
      'button',
      { type: 'button', class: 'primary', onclick: () => this.#do('draw/accept') },
      'Accept draw',
    )
    return h('div', { class: 'offer' }, h('span', {}, 'Your opponent offers a draw. Move to decline.'), accept)
  }

  #resign() {
    return this.#armed('Resign', 'Really resign?', () => this.#do('resign'))
  }

  #abort() {
    return this.#armed('Abort', 'Really abort?', () => this.#do('abort'))
  }

  /** A button that acts at the second click. */
  #armed(label, question, act) {
    const button = h('button', { type: 'button', class: 'grave' }, label)
    const disarm = () => {
      button.textContent = label
      button.classList.remove('armed')
    }
    button.addEventListener('click', () => {
      if (button.classList.contains('armed')) {
        disarm()
        act()
        return
      }
      button.textContent = question
      button.classList.add('armed')
      setTimeout(disarm, armedMs)
    })
    return button
  }

  async #do(action) {
    try {
      await api.act(this.#gameId, action, this.#playerId)
    } catch (error) {
      toast(error.message)
    }
  }
}
