import { BoardPieces } from './board-pieces.js'
import { dragPieces } from './board-drag.js'
import { h } from './dom.js'
import { pieceName } from './pieces.js'
import { isDark, placeOf, squaresFor } from './position.js'
import { choosePromotion } from './promotion.js'

const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }

/**
 * A chess board: shows a position, and lets a side move by dragging, by clicking, or with the arrow keys and Enter. Which
 * moves there are it is told; it never decides.
 */
export class Board {
  #onMove
  #side = 'white'
  #squares = new Map()
  #men
  #position = { pieces: new Map(), lastMove: undefined, check: undefined, legal: [] }
  #selected
  #focused = 'e2'

  /** @param {{ onMove?: (uci: string) => void }} options */
  constructor({ onMove = () => {} } = {}) {
    this.#onMove = onMove
    this.grid = h('div', { class: 'squares', role: 'grid', 'aria-label': 'Chess board' })
    this.element = h('div', { class: 'board' }, this.grid)
    this.#men = new BoardPieces(this.element)
    this.turn('white')
    dragPieces(this.element, {
      squareAt: (x, y) => this.#squareAt(x, y),
      canDrag: (square) => this.#movesFrom(square).length > 0,
      pick: (square) => this.#select(square),
      drop: (from, to) => this.#tryMove(from, to, false),
      tap: (square) => this.#tap(square),
      manAt: (square) => this.#men.at(square),
    })
    this.grid.addEventListener('keydown', (event) => this.#onKey(event))
  }

  get side() {
    return this.#side
  }

  /** Seen from which side. */
  turn(side) {
    this.#side = side
    this.#squares = new Map(squaresFor(side).map((square) => [square, this.#makeSquare(square)]))
    const rows = Array.from({ length: 8 }, (_, row) =>
      h('div', { role: 'row', class: 'rank' }, [...this.#squares.values()].slice(row * 8, row * 8 + 8)),
    )
    this.grid.replaceChildren(...rows)
    this.show(this.#position, false)
  }

  /**
   * @param {{ pieces: Map<string, string>, lastMove?: string, check?: string, legal?: string[] }} position
   * @param {boolean} isAnimated whether pieces glide to where they are
   */
  show(position, isAnimated = true) {
    this.#position = { legal: [], ...position }
    this.#men.show(position.pieces, this.#side, isAnimated)
    if (this.#selected !== undefined && this.#movesFrom(this.#selected).length === 0) this.#selected = undefined
    this.#mark()
  }

  #makeSquare(square) {
    const { column, row } = placeOf(square, this.#side)
    return h(
      'div',
      { class: `square ${isDark(square) ? 'dark' : 'light'}`, role: 'gridcell', 'data-square': square, tabindex: -1 },
      column === 0 && h('span', { class: 'coordinate rank-name', 'aria-hidden': 'true' }, square[1]),
      row === 7 && h('span', { class: 'coordinate file-name', 'aria-hidden': 'true' }, square[0]),
    )
  }

  #mark() {
    const { pieces, lastMove, check } = this.#position
    const targets = new Set(this.#selected === undefined ? [] : this.#movesFrom(this.#selected).map(targetOf))
    for (const [square, element] of this.#squares) {
      const piece = pieces.get(square)
      element.classList.toggle('last', lastMove?.slice(0, 2) === square || lastMove?.slice(2, 4) === square)
      element.classList.toggle('check', check === square)
      element.classList.toggle('selected', this.#selected === square)
      element.classList.toggle('target', targets.has(square))
      element.classList.toggle('capture', targets.has(square) && piece !== undefined)
      element.classList.toggle('movable', this.#movesFrom(square).length > 0)
      element.setAttribute('aria-label', `${square}${piece === undefined ? '' : `, ${pieceName(piece)}`}`)
      element.setAttribute('aria-selected', String(this.#selected === square))
      element.tabIndex = square === this.#focused ? 0 : -1
    }
  }

  #movesFrom(square) {
    return this.#position.legal.filter((uci) => uci.startsWith(square))
  }

  #select(square) {
    this.#selected = square
    this.#mark()
  }

  #tap(square) {
    const from = this.#selected
    if (from !== undefined && from !== square && this.#tryMove(from, square, true)) return
    const isAgain = from === square
    this.#select(isAgain || this.#movesFrom(square).length === 0 ? undefined : square)
  }

  /** Makes a move if there is one from here to there; asks first what a pawn shall become. */
  #tryMove(from, to, isAnimated) {
    const moves = this.#movesFrom(from).filter((uci) => targetOf(uci) === to)
    if (moves.length === 0) return false
    this.#select(undefined)
    if (moves.length === 1) this.#onMove(moves[0], isAnimated)
    else void this.#promote(moves, to)
    return true
  }

  async #promote(moves, to) {
    const piece = await choosePromotion(this.element, { ...placeOf(to, this.#side), isWhite: to[1] === '8' })
    const move = moves.find((uci) => uci[4] === piece)
    if (move === undefined) this.show(this.#position)
    else this.#onMove(move, false)
  }

  #squareAt(x, y) {
    const { left, top, width, height } = this.element.getBoundingClientRect()
    const [column, row] = [Math.floor(((x - left) / width) * 8), Math.floor(((y - top) / height) * 8)]
    if (column < 0 || column > 7 || row < 0 || row > 7) return undefined
    return squaresFor(this.#side)[row * 8 + column]
  }

  #onKey(event) {
    const step = steps[event.key]
    if (step !== undefined) {
      const { column, row } = placeOf(this.#focused, this.#side)
      const [x, y] = [column + step[0], row + step[1]]
      if (x >= 0 && x < 8 && y >= 0 && y < 8) this.#focused = squaresFor(this.#side)[y * 8 + x]
      this.#mark()
      this.#squares.get(this.#focused)?.focus()
    } else if (event.key === 'Enter' || event.key === ' ') this.#tap(this.#focused)
    else if (event.key === 'Escape') this.#select(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}

function targetOf(uci) {
  return uci.slice(2, 4)
}
