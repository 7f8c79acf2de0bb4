/**
 * The chessmen, drawn for this page. Each is a body, lines that shape it, and a foot that all share; colours come from the
 * style sheet, so that one drawing serves both sides.
 */

const foot = '<path class="body" d="M26 90c0-7 6-11 12-12h24c6 1 12 5 12 12z"/>'
const collar = (y, half) => `<rect class="body" x="${50 - half}" y="${y}" width="${2 * half}" height="7" rx="3.5"/>`

const drawings = {
  p: `<path class="body" d="M40 80c1-10 6-16 6-26h8c0 10 5 16 6 26z"/>
    <circle class="body" cx="50" cy="37" r="13.5"/>
    ${collar(50, 14)}`,

  r: `<path class="body" d="M36 80l3-36h22l3 36z"/>
    <path class="body" d="M29 22h10v7h6v-7h10v7h6v-7h10v17c0 3-3 6-6 6H35c-3 0-6-3-6-6z"/>
    <path class="line" d="M39 45h22"/>`,

  n: `<path class="body" d="M71 80c6-22 4-47-15-57l-2-10-9 9c-8 3-12 9-16 17-3 6-9 10-10 16-1 7 6 11 10 8l6-5c6 0 11-1 15-6
      1 11-14 14-14 28z"/>
    <path class="line" d="M62 35c5 9 6 22 4 36"/>
    <circle class="dot" cx="43.5" cy="36.5" r="3"/>
    <circle class="dot" cx="25" cy="54.5" r="1.8"/>`,

  b: `<path class="body" d="M40 80c1-8 4-12 4-20h12c0 8 3 12 4 20z"/>
    <path class="body" d="M50 22c11 8 16 17 16 25 0 7-5 12-11 13H45c-6-1-11-6-11-13 0-8 5-17 16-25z"/>
    <circle class="body" cx="50" cy="19" r="5"/>
    ${collar(57, 14)}
    <path class="line" d="M50 33v16M43 41h14"/>`,

  q: `<path class="body" d="M35 80c2-7 3-11 3-19h24c0 8 1 12 3 19z"/>
    <path class="body" d="M31 61l-9-32 12 12 4-19 12 17 12-17 4 19 12-12-9 32z"/>
    <circle class="body" cx="21" cy="26" r="4.5"/><circle class="body" cx="37.5" cy="19" r="4.5"/>
    <circle class="body" cx="62.5" cy="19" r="4.5"/><circle class="body" cx="79" cy="26" r="4.5"/>
    <path class="line" d="M34 53h32"/>
    ${collar(58, 20)}`,

  k: `<path class="body" d="M36 80c2-7 3-11 3-18h22c0 7 1 11 3 18z"/>
    <path class="body" d="M46.5 8h7v6h6v7h-6v8h-7v-8h-6v-7h6z"/>
    <path class="body" d="M50 30c-5-6-24-6-25 7-1 10 7 16 8 25h34c1-9 9-15 8-25-1-13-20-13-25-7z"/>
    <path class="line" d="M50 32v21M36 53h28"/>
    ${collar(59, 20)}`,
}

const names = { p: 'pawn', r: 'rook', n: 'knight', b: 'bishop', q: 'queen', k: 'king' }

/** @param {string} piece a letter as in FEN: upper case is white */
export function colorOf(piece) {
  return piece === piece.toUpperCase() ? 'white' : 'black'
}

/** For screen readers: `white queen`. */
export function pieceName(piece) {
  return `${colorOf(piece)} ${names[piece.toLowerCase()]}`
}

/** A new drawing of a piece. Decorative: its name is told elsewhere. */
export function drawPiece(piece) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 100 100')
  svg.setAttribute('class', `man ${colorOf(piece)}`)
  svg.setAttribute('aria-hidden', 'true')
  svg.innerHTML = drawings[piece.toLowerCase()] + foot
  return svg
}
