import { game, legalMoves, liveGames, moveOutcome, watchEvent } from './api-shapes.ts'
import type { GameAnswer } from './api-shapes.ts'
import { boardText } from './board-text.ts'
import type { Command, Report } from './command.ts'
import type { Session } from './session.ts'
import { gameText, moveText, movesText, statusText, tableText } from './texts.ts'

/** What a player does to a game without saying more. */
function action(words: string, summary: string): Command {
  const path = words.replace(' ', '/')
  return {
    usage: `game ${words}`,
    summary,
    async run(session) {
      const id = await session.gameId()
      const changed = await session.api.post(`/games/${id}/${path}`, { playerId: session.playerId }, game)
      return { json: changed, text: statusText(changed) }
    },
  }
}

export const gameCommands: readonly Command[] = [
  {
    usage: 'game show [id]',
    summary: 'the board, the clocks and how the game stands',
    async run(session, [id]) {
      const shown = await session.game(id)
      return { json: shown, text: gameText(shown, await namesOf(session, shown), sideOf(session, shown)) }
    },
  },
  {
    usage: 'game moves [id]',
    summary: 'what was played; with --legal what can be played',
    async run(session, [id]) {
      if (session.options['legal'] !== true) {
        const { moves } = await session.game(id)
        return { json: moves, text: movesText(moves) }
      }
      const moves = await session.api.get(`/games/${await session.gameId(id)}/legal-moves`, legalMoves)
      return { json: moves, text: moves.join(' ') }
    },
  },
  {
    usage: 'game move <uci>',
    summary: 'play a move, such as e2e4, or e7e8q to promote',
    async run(session, [move = '']) {
      const { api, playerId } = session
      const outcome = await api.post(`/games/${await session.gameId()}/moves`, { playerId, move }, moveOutcome)
      const end = outcome.gameOver ? `\n${statusText(outcome)}` : ''
      return { json: outcome, text: `${outcome.san}\n\n${boardText(outcome.fenAfter)}${end}` }
    },
  },
  action('draw offer', 'offer a draw'),
  action('draw accept', 'accept a draw'),
  action('resign', 'give the game up'),
  action('abort', 'call the game off, before both have moved'),
  {
    usage: 'game watch [id]',
    summary: 'every move as it is played, until the end',
    run: watch,
  },
  {
    usage: 'admin games active',
    summary: 'games that are being played',
    async run({ api }) {
      const games = await api.get('/games?limit=100', liveGames)
      const rows = games.map(({ gameId, whiteName, blackName, timeControl }) => [
        gameId,
        `${whiteName} – ${blackName}`,
        timeControl,
      ])
      return { json: games, text: rows.length === 0 ? 'Nobody plays right now.' : tableText(rows) }
    },
  },
]

async function watch(session: Session, [id]: readonly string[]): Promise<Report> {
  const gameId = await session.gameId(id)
  let end = { status: 'InProgress', resultReason: null as string | null }
  for await (const event of session.api.listen(`/games/${gameId}/watch`, watchEvent)) {
    if (event.type === 'game') session.say(`${movesText(event.moves)}\n\n${boardText(event.boardFen)}\n`)
    else if (event.type === 'moved') session.say(`${moveText(event.move)}\n\n${boardText(event.boardFen)}\n`)
    else if (event.type === 'drawOffered') session.say('a draw is offered')
    else end = { status: event.status, resultReason: event.resultReason }
  }
  return { json: { gameId, ...end }, text: statusText(end) }
}

async function namesOf(session: Session, { white, black }: GameAnswer): Promise<{ white: string; black: string }> {
  const [one, other] = await Promise.all([session.player(white), session.player(black)])
  return { white: one.username, black: other.username }
}

/** Which side the user has; undefined for a spectator. */
function sideOf({ knownPlayer }: Session, { white, black }: GameAnswer): 'white' | 'black' | undefined {
  if (knownPlayer === white) return 'white'
  return knownPlayer === black ? 'black' : undefined
}
