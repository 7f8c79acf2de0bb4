import { ChallengeView } from './challenge-view.js'
import { h } from './dom.js'
import { drawPiece } from './pieces.js'
import { GameView } from './game-view.js'
import { recall, refreshMe, watchMe } from './identity.js'
import { LeaderboardView } from './leaderboard-view.js'
import { LiveSocket, watchConnection } from './live-socket.js'
import { LobbyView } from './lobby-view.js'
import { queue } from './queue.js'
import { startTheme } from './theme.js'
import { toast } from './toast.js'

const stage = document.querySelector('#stage')
let view

/** Shows what the address says. */
async function route() {
  const [path, query = ''] = location.hash.slice(1).split('?')
  const [, kind, ...rest] = path.split('/')
  view?.close()
  view = makeView(kind, rest, new URLSearchParams(query))
  stage.replaceChildren(view.element)
  scrollTo(0, 0)
  const current = view
  try {
    await current.open()
  } catch (error) {
    if (current === view) stage.replaceChildren(sorry(error))
  }
}

function makeView(kind, rest, query) {
  if (kind === 'game') return new GameView(rest[0])
  if (kind === 'challenge') return new ChallengeView(...rest)
  return kind === 'leaderboard' ? new LeaderboardView() : new LobbyView(query)
}

function sorry(error) {
  const title = error.code === 'NOT_FOUND' ? 'There is nothing here' : 'That did not work'
  return h(
    'main',
    { class: 'narrow' },
    h(
      'section',
      { class: 'card challenge' },
      h('h1', {}, title),
      h('p', {}, error.message),
      h('a', { class: 'button primary', href: '#/' }, 'To the lobby'),
    ),
  )
}

/** News for the player of this tab. A new game opens by itself, unless another one is being played. */
let events
let listensFor
watchMe((player) => {
  const chip = document.querySelector('#me')
  chip.replaceChildren(
    ...(player === null ? [] : [h('b', {}, player.username), h('span', { class: 'rating' }, player.rating)]),
  )
  if (player === null || player.playerId === listensFor) return
  listensFor = player.playerId
  events?.close()
  events = new LiveSocket(`/players/${player.playerId}/events`, {
    onOpen: () => void refreshMe().catch(() => undefined),
    onMessage: onNews,
  })
})

function onNews({ type, gameId }) {
  if (type === 'gameStarted') {
    const isBusy = location.hash.startsWith('#/game/') && view.game?.status === 'InProgress'
    if (!isBusy) queue.found(gameId)
    else if (!location.hash.endsWith(gameId))
      toast('A game of yours has begun.', { label: 'Open', onclick: () => queue.found(gameId) })
  }
  if (type === 'gameStarted' || type === 'gameEnded') setTimeout(() => void refreshMe().catch(() => undefined), 300)
}

document.querySelector('#logo').prepend(drawPiece('N'))
watchConnection((isUp) => document.body.classList.toggle('disconnected', !isUp))
startTheme(document.querySelector('#theme'))
addEventListener('hashchange', () => void route())
await recall().catch(() => undefined)
await route()
