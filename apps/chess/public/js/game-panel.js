import { GameActions } from './game-actions.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { MoveList } from './move-list.js'
import { RunnerBadge } from './runner-badge.js'

/** Beside the board: what is going on, the moves, steps through them, and what a player can do. */
export class GamePanel {
  #note = h('p', { class: 'note', role: 'status' })
  #moves
  #actions = h('div')
  /** Which process has the game. */
  runner = new RunnerBadge()

  /** @param {{ browse: (ply: number) => void, step: (by: number) => void, flip: () => void }} handlers */
  constructor({ browse, step, flip }) {
    this.#moves = new MoveList(browse)
    const steps = h(
      'div',
      { class: 'steps' },
      iconButton('First move', 'first', () => step(-Infinity)),
      iconButton('Back', 'back', () => step(-1)),
      iconButton('Forward', 'forward', () => step(1)),
      iconButton('Latest move', 'last', () => step(Infinity)),
      iconButton('Flip board', 'flip', flip),
    )
    this.element = h(
      'aside',
      { class: 'panel card' },
      this.#note,
      this.runner.element,
      this.#moves.element,
      steps,
      this.#actions,
    )
  }

  /** Makes it the panel of a player. */
  seat(gameId, playerId) {
    this.actions = new GameActions(gameId, playerId)
    this.#actions.replaceWith(this.actions.element)
  }

  show(game, { ply, note }) {
    this.#moves.show(game.moves, ply)
    this.#note.textContent = `${game.timeControl.replace('+', ' + ')} · ${note}`
    this.actions?.show(game)
  }
}

function iconButton(label, name, onclick) {
  return h('button', { type: 'button', class: 'quiet', 'aria-label': label, title: label, onclick }, icon(name))
}
