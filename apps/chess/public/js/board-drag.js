/** How far a pointer may slip before a press is a drag. */
const slip = 4

/**
 * Turns pointers on a board into taps and drags. One press at a time; a second finger is ignored.
 *
 * @param {HTMLElement} board
 * @param {{
 *   squareAt: (x: number, y: number) => string | undefined, canDrag: (square: string) => boolean,
 *   pick: (square: string) => void, drop: (from: string, to: string) => boolean, tap: (square: string) => void,
 *   manAt: (square: string) => SVGElement | undefined,
 * }} handlers
 */
export function dragPieces(board, handlers) {
  let press

  board.addEventListener('pointerdown', (event) => {
    const square = handlers.squareAt(event.clientX, event.clientY)
    if (press !== undefined || event.button !== 0 || square === undefined || isCovered(event)) return
    press = { id: event.pointerId, square, x: event.clientX, y: event.clientY, man: undefined }
    board.setPointerCapture(event.pointerId)
  })

  board.addEventListener('pointermove', (event) => {
    if (press?.id !== event.pointerId) return
    if (press.man === undefined && hasSlipped(press, event) && handlers.canDrag(press.square)) {
      press.man = handlers.manAt(press.square)
      press.man?.classList.add('dragged')
      handlers.pick(press.square)
    }
    if (press.man !== undefined) follow(press.man, board, event)
    hover(board, press.man === undefined ? undefined : handlers.squareAt(event.clientX, event.clientY))
  })

  const end = (event, isDone) => {
    if (press?.id !== event.pointerId) return
    const { square, man, back = man?.dataset.back } = press
    press = undefined
    hover(board, undefined)
    if (man === undefined) return isDone && handlers.tap(square)
    man.classList.remove('dragged')
    const to = handlers.squareAt(event.clientX, event.clientY)
    const hasMoved = isDone && to !== undefined && handlers.drop(square, to)
    if (!hasMoved) man.style.transform = back
    delete man.dataset.back
  }
  board.addEventListener('pointerup', (event) => end(event, true))
  board.addEventListener('pointercancel', (event) => end(event, false))
}

/** A dialog lies over the board. */
function isCovered(event) {
  return event.target.closest('.promotion, .banner') !== null
}

function hasSlipped({ x, y }, event) {
  return Math.hypot(event.clientX - x, event.clientY - y) > slip
}

function follow(man, board, event) {
  man.dataset.back ??= man.style.transform
  const { left, top, width } = board.getBoundingClientRect()
  const half = width / 16
  man.style.transform = `translate(${event.clientX - left - half}px, ${event.clientY - top - half}px) scale(1.12)`
}

function hover(board, square) {
  board.querySelector('.square.hover')?.classList.remove('hover')
  if (square !== undefined) board.querySelector(`[data-square="${square}"]`)?.classList.add('hover')
}
