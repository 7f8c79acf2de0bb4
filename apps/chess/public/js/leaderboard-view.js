import { api } from './api.js'
import { fill, h } from './dom.js'
import { me } from './identity.js'

/** All who have finished a game, best first. */
export class LeaderboardView {
  #place = h('div')

  constructor() {
    this.element = h(
      'main',
      { class: 'narrow' },
      h('section', { class: 'card' }, h('h1', {}, 'Leaderboard'), this.#place),
    )
  }

  async open() {
    fill(this.#place, leaderboardTable(await api.leaderboard(100), true))
  }

  close() {}
}

/** A table of ranked players; `isFull` shows all columns. */
export function leaderboardTable(players, isFull = false) {
  if (players.length === 0) return h('p', { class: 'empty' }, 'No game has been finished yet. Be the first!')
  const titles = isFull ? ['#', 'Player', 'Rating', 'Peak', 'Won', 'Drawn', 'Lost'] : ['#', 'Player', 'Rating']
  return h(
    'table',
    { class: 'ranks' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        titles.map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h(
      'tbody',
      {},
      players.map((player) => row(player, isFull)),
    ),
  )
}

function row({ rank, playerId, username, rating, peakRating, wins, draws, losses }, isFull) {
  const cells = [rank, username, rating, ...(isFull ? [peakRating, wins, draws, losses] : [])]
  return h(
    'tr',
    { class: playerId === me?.playerId && 'me' },
    cells.map((cell) => h('td', {}, cell)),
  )
}
