import { h } from './dom.js'
import { resultText } from './result-text.js'

/** Lays the result over the board. It can be closed, to look at the last position. */
export function showResult(board, { game, side }) {
  board.querySelector('.banner')?.remove()
  const { headline, reason, score } = resultText(game, side)
  const close = () => banner.remove()
  const again = h(
    'a',
    { class: 'button primary', href: `#/?play=${encodeURIComponent(game.timeControl)}` },
    'Play again',
  )
  const banner = h(
    'div',
    { class: 'banner', role: 'dialog', 'aria-label': 'Result' },
    h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close }, '×'),
    h('div', { class: 'score' }, score),
    h('h2', {}, headline),
    h('p', {}, reason),
    h(
      'div',
      { class: 'choices-row' },
      side === undefined ? h('a', { class: 'button primary', href: '#/' }, 'Play') : again,
    ),
  )
  board.append(banner)
}
