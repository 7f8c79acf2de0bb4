import { matchFound, player, seekResult } from './api-shapes.ts'
import { CliError } from './cli-error.ts'
import type { Command, Report } from './command.ts'
import type { Session } from './session.ts'
import { playerText } from './texts.ts'

/** How often somebody who waits looks whether a game has begun. */
const lookEveryMs = 2000

export const playerCommands: readonly Command[] = [
  {
    usage: 'player register <name>',
    summary: 'become a player; later commands are yours',
    async run({ api, remember }, [username = '']) {
      const registered = await api.post('/players', { username }, player)
      remember(registered.playerId)
      return { json: registered, text: playerText(registered) }
    },
  },
  {
    usage: 'player status [id]',
    summary: 'who a player is and what they do',
    async run(session, [id]) {
      const found = await session.player(id)
      return { json: found, text: playerText(found) }
    },
  },
  {
    usage: 'match find',
    summary: 'find an opponent; waits for one unless --no-wait',
    run: findMatch,
  },
  {
    usage: 'match cancel',
    summary: 'leave the queue',
    async run({ api, playerId }) {
      await api.delete(`/players/${playerId}/queue`)
      return { json: { left: true }, text: 'You have left the queue.' }
    },
  },
]

async function findMatch(session: Session): Promise<Report> {
  const { api, playerId, say, options } = session
  const wish = {
    timeControl: session.text('time-control') ?? '5+3',
    minRating: session.number('min-rating'),
    maxRating: session.number('max-rating'),
  }
  const result = await api.post(`/players/${playerId}/queue`, wish, seekResult)
  if (result.matched) return matchReport(result)
  if (options['no-wait'] === true) return { json: result, text: `You wait at position ${result.position}.` }
  say(`Waiting at position ${result.position} for an opponent…`)
  return matchReport(await Promise.race([toldOfMatch(session), foundInGame(session)]))
}

interface Match {
  readonly gameId: string
  readonly color: string
  readonly opponent: string
}

/** Hears of it at once, once it listens. */
async function toldOfMatch({ api, playerId }: Session): Promise<Match> {
  for await (const match of api.listen(`/players/${playerId}/events`, matchFound)) return match
  throw new CliError('The server tells no more about this player.')
}

/** Sees a match that was made before anybody listened. */
async function foundInGame(session: Session): Promise<Match> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    const { playerId, currentGameId } = await session.player()
    if (typeof currentGameId !== 'string') continue
    const { gameId, white, black } = await session.game(currentGameId)
    return playerId === white
      ? { gameId, color: 'white', opponent: black }
      : { gameId, color: 'black', opponent: white }
  }
}

function matchReport(match: Match): Report {
  const { gameId, color, opponent } = match
  const json = { matched: true, gameId, color, opponent }
  return { json, text: `Game ${gameId} begins. You have ${color}.` }
}
