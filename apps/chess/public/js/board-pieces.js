import { drawPiece } from './pieces.js'
import { placeOf } from './position.js'

/** The pieces on a board, each an element that glides from square to square. */
export class BoardPieces {
  #board
  #men = new Map()

  constructor(board) {
    this.#board = board
  }

  /** The element of the piece on a square. */
  at(square) {
    return this.#men.get(square)?.element
  }

  /** Moves elements to where their pieces are now; takes away and adds what cannot be explained by moving. */
  show(pieces, side, isAnimated) {
    this.#board.classList.toggle('still', !isAnimated)
    const left = new Map(this.#men)
    const next = new Map()
    for (const [square, piece] of pieces) {
      if (left.get(square)?.piece !== piece) continue
      next.set(square, left.get(square))
      left.delete(square)
    }
    for (const [square, piece] of pieces) {
      if (!next.has(square)) next.set(square, this.#take(left, piece, square) ?? this.#add(piece))
    }
    for (const { element } of left.values()) element.remove()
    for (const [square, { element }] of next) place(element, square, side)
    this.#men = next
  }

  /** The nearest element of the same piece that has no square any more. */
  #take(left, piece, square) {
    const [nearest] = [...left.entries()]
      .filter(([, man]) => man.piece === piece)
      .toSorted(([a], [b]) => distance(a, square) - distance(b, square))
    if (nearest === undefined) return undefined
    left.delete(nearest[0])
    return nearest[1]
  }

  #add(piece) {
    const element = drawPiece(piece)
    this.#board.append(element)
    return { piece, element }
  }
}

function place(element, square, side) {
  const { column, row } = placeOf(square, side)
  element.style.transform = `translate(${column * 100}%, ${row * 100}%)`
}

function distance(a, b) {
  return Math.hypot(a.charCodeAt(0) - b.charCodeAt(0), a.charCodeAt(1) - b.charCodeAt(1))
}
