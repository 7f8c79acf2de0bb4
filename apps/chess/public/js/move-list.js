import { h } from './dom.js'

/** The moves of a game in two columns. A click shows the position after a move. */
export class MoveList {
  #onPick
  #buttons = []

  /** @param {(ply: number) => void} onPick */
  constructor(onPick) {
    this.#onPick = onPick
    this.element = h('ol', { class: 'moves', 'aria-label': 'Moves' })
  }

  /** @param {number} shown ply of the position on the board */
  show(moves, shown) {
    for (let ply = this.#buttons.length; ply < moves.length; ply++) this.#add(moves[ply], ply + 1)
    for (const [index, button] of this.#buttons.entries()) {
      const isShown = index + 1 === shown
      button.classList.toggle('shown', isShown)
      if (isShown) keepInView(this.element, button)
    }
    if (shown === 0) this.element.scrollTop = 0
  }

  #add(move, ply) {
    const button = h('button', { type: 'button', class: 'ply', onclick: () => this.#onPick(ply) }, move.san)
    this.#buttons.push(button)
    if (move.color === 'white' || this.element.lastChild === null) {
      this.element.append(h('li', {}, h('span', { class: 'number' }, `${move.moveNumber}.`)))
    }
    this.element.lastChild.append(button)
  }
}

/** Scrolls the list only, never the page. */
function keepInView(list, button) {
  const row = button.parentElement
  if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop
  const below = row.offsetTop + row.offsetHeight - list.clientHeight
  if (below > list.scrollTop) list.scrollTop = below
}
