import { matchFound, player, seekResult } from './api-shapes.ts'
import type { Command, Report } from './command.ts'
import type { Session } from './session.ts'
import { playerText } from './texts.ts'

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
  // Listens first, so that an opponent who comes at once is not missed.
  const events = api.listen(`/players/${playerId}/events`, matchFound)
  const found = options['no-wait'] === true ? undefined : events.next()
  const result = await api.post(`/players/${playerId}/queue`, wish, seekResult)
  if (result.matched) return matchReport(result)
  if (found === undefined) return { json: result, text: `You wait at position ${result.position}.` }
  say(`Waiting at position ${result.position} for an opponent…`)
  const next = await found
  return next.done === true ? { json: result, text: 'Nobody came.' } : matchReport(next.value)
}

function matchReport(match: { gameId: string; color: string; opponent: string }): Report {
  const { gameId, color, opponent } = match
  const json = { matched: true, gameId, color, opponent }
  return { json, text: `Game ${gameId} begins. You have ${color}.` }
}
