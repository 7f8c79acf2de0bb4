import { api } from './api.js'
import { fill, h } from './dom.js'
import { me, watchMe } from './identity.js'
import { nameForm } from './name-form.js'
import { orToast } from './toast.js'

/** What a friend sees who opens a link: who challenges, to what, and a button. */
export class ChallengeView {
  #stop
  #place = h('div', { class: 'card challenge' })

  constructor(playerId, control, color) {
    Object.assign(this, { playerId, control, color })
    this.element = h('main', { class: 'narrow' }, this.#place)
  }

  async open() {
    this.challenger = await api.player(this.playerId)
    this.#stop = watchMe(() => this.#draw())
  }

  close() {
    this.#stop?.()
  }

  #draw() {
    const { username, rating } = this.challenger
    const own = this.color === 'white' ? 'black' : 'white'
    const title = h('h1', {}, `${username} wants to play`)
    const terms = h('p', {}, `${this.control} · you have ${own} · ${username} is rated ${rating}`)
    if (me?.playerId === this.playerId) {
      return fill(
        this.#place,
        h('h1', {}, 'This is your own link'),
        h('p', {}, 'Send it to a friend, or open it in another window.'),
      )
    }
    const accept = h(
      'button',
      { type: 'button', class: 'primary', onclick: () => orToast(this.#accept()) },
      'Accept and play',
    )
    return fill(this.#place, title, terms, me === null ? nameForm('Continue') : accept)
  }

  async #accept() {
    const players = this.color === 'white' ? [this.playerId, me.playerId] : [me.playerId, this.playerId]
    const { gameId } = await api.createGame(...players, this.control)
    location.hash = `#/game/${gameId}`
  }
}
