import { h } from './dom.js'
import { drawPiece, pieceName } from './pieces.js'

/**
 * Asks on the board what a pawn shall become, in the column where it arrives.
 *
 * @returns {Promise<'q' | 'n' | 'r' | 'b' | undefined>} undefined when it was called off
 */
export function choosePromotion(board, { column, row, isWhite }) {
  return new Promise((resolve) => {
    const choose = (piece) => {
      cover.remove()
      resolve(piece)
    }
    const buttons = ['q', 'n', 'r', 'b'].map((kind) => {
      const piece = isWhite ? kind.toUpperCase() : kind
      const label = `Promote to ${pieceName(piece)}`
      return h(
        'button',
        { type: 'button', 'aria-label': label, 'data-piece': kind, onclick: () => choose(kind) },
        drawPiece(piece),
      )
    })
    const choices = h('div', { class: `choices ${row === 0 ? 'down' : 'up'}` }, buttons)
    choices.style.insetInlineStart = `${column * 12.5}%`
    const cover = h('div', { class: 'promotion', role: 'dialog', 'aria-label': 'Promotion' }, choices)
    cover.addEventListener('click', (event) => event.target === cover && choose(undefined))
    cover.addEventListener('keydown', (event) => event.key === 'Escape' && choose(undefined))
    board.append(cover)
    buttons[0].focus()
  })
}
