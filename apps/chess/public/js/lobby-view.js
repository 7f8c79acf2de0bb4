import { api } from './api.js'
import { Board } from './board.js'
import { ClusterCard } from './cluster-card.js'
import { fill, h } from './dom.js'
import { friendCard } from './friend-card.js'
import { me, watchMe } from './identity.js'
import { leaderboardTable } from './leaderboard-view.js'
import { nameForm } from './name-form.js'
import { parseFen } from './position.js'
import { queue } from './queue.js'
import { opponentChoice } from './rating-range.js'
import { orToast } from './toast.js'

/** Morphy against the Duke of Brunswick, Paris 1858, after the last move. */
const showpiece = '1n1Rkb1r/p4ppp/4q3/4p1B1/4P3/8/PPP2PPP/2K5 b k - 1 17'

const controls = [
  ['1+0', 'Bullet'],
  ['3+2', 'Blitz'],
  ['5+3', 'Blitz'],
  ['10+0', 'Rapid'],
  ['15+10', 'Rapid'],
  ['30+20', 'Classical'],
]

const refreshMs = 5000

/** Where players come in: a name, a game, what others play. */
export class LobbyView {
  #timer
  #place = h('div', { class: 'lobby-main' })
  #live = h('div', { class: 'list' })
  #best = h('div')
  #cluster = new ClusterCard()
  /** How many wait, by time control. */
  #waiting = {}
  #stopWatching = []

  constructor(query) {
    this.wish = query.get('play')
    // Going back to this page later is no wish to play again.
    if (this.wish !== null) history.replaceState(null, '', '#/')
    const live = h('section', { class: 'card' }, h('h2', {}, 'Live now'), this.#live)
    const best = h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Best players'),
      this.#best,
      h('a', { class: 'more', href: '#/leaderboard' }, 'Whole leaderboard'),
    )
    this.element = h(
      'main',
      { class: 'lobby' },
      this.#place,
      h('aside', { class: 'side' }, live, best, this.#cluster.element),
    )
  }

  async open() {
    this.#stopWatching.push(
      watchMe(() => this.#drawMain()),
      queue.watch(() => this.#drawTiles()),
    )
    if (this.wish !== null && me !== null) void queue.join(this.wish)
    await this.#refresh()
    this.#timer = setInterval(() => void this.#refresh(), refreshMs)
  }

  close() {
    clearInterval(this.#timer)
    for (const stop of this.#stopWatching) stop()
  }

  async #refresh() {
    const [games, best, stats] = await Promise.all(
      [api.liveGames(), api.leaderboard(5), api.stats()].map((answer) => answer.catch(() => undefined)),
    )
    if (games !== undefined)
      fill(this.#live, games.length > 0 ? games.map(liveGame) : h('p', { class: 'empty' }, 'Nobody plays right now.'))
    if (best !== undefined) fill(this.#best, leaderboardTable(best))
    if (stats === undefined) return
    this.#cluster.show(stats.runners)
    const hasChanged = JSON.stringify(stats.waiting) !== JSON.stringify(this.#waiting)
    this.#waiting = stats.waiting
    if (hasChanged) this.#drawTiles()
  }

  #drawMain() {
    const isKnown = me !== null
    if (this.wasKnown === isKnown && isKnown && this.gameId === me.currentGameId) return
    this.wasKnown = isKnown
    this.gameId = me?.currentGameId
    if (!isKnown) return fill(this.#place, welcome())
    this.tiles = h('div', { class: 'tiles' })
    fill(
      this.#place,
      resume(me.currentGameId),
      h(
        'section',
        { class: 'card' },
        h('div', { class: 'title-row' }, h('h2', {}, 'Play now'), opponentChoice()),
        this.tiles,
      ),
      friendCard(),
    )
    this.#drawTiles()
  }

  #drawTiles() {
    if (this.tiles === undefined) return
    fill(
      this.tiles,
      controls.map(([control, kind]) => tile(control, { kind, waiting: this.#waiting[control] ?? 0 })),
    )
  }
}

function welcome() {
  const board = new Board()
  board.show({ pieces: parseFen(showpiece).pieces, lastMove: 'd1d8', check: 'e8' }, false)
  board.element.inert = true
  board.element.setAttribute('aria-hidden', 'true')
  const words = h(
    'div',
    { class: 'words' },
    h('h1', {}, 'Chess that survives anything.'),
    h(
      'p',
      {},
      'Every game is a durable entity. Kill the server in the middle of a move, start it again, and play on: not a move is lost, not a second of your clock.',
    ),
    nameForm('Start playing'),
  )
  return h('section', { class: 'hero' }, words, board.element)
}

function resume(gameId) {
  if (gameId === null) return null
  return h(
    'a',
    { class: 'card resume', href: `#/game/${gameId}` },
    h('span', {}, 'You have a game in progress'),
    h('strong', {}, 'Back to the board →'),
  )
}

function tile(control, { kind, waiting }) {
  const isMine = queue.timeControl === control
  const onclick = () => orToast(isMine ? queue.leave() : queue.join(control))
  const status = isMine
    ? h('span', { class: 'waiting' }, 'Waiting for an opponent…')
    : h('span', { class: 'kind' }, waiting > 0 ? `${waiting} waiting` : kind)
  return h(
    'button',
    { type: 'button', class: `tile ${isMine ? 'active' : ''}`, 'data-control': control, onclick },
    h('strong', {}, control.replace('+', ' + ')),
    status,
    isMine && h('span', { class: 'cancel' }, 'Click to cancel'),
  )
}

function liveGame({ gameId, whiteName, blackName, timeControl }) {
  return h(
    'a',
    { class: 'row', href: `#/game/${gameId}` },
    h('span', { class: 'versus' }, h('b', {}, whiteName), ' – ', h('b', {}, blackName)),
    h('span', { class: 'tag' }, timeControl),
  )
}
