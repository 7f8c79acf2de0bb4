import { ranking, stats } from './api-shapes.ts'
import type { Command, Report } from './command.ts'
import { tableText } from './texts.ts'
import type { z } from 'zod'

export const otherCommands: readonly Command[] = [
  {
    usage: 'leaderboard top',
    summary: 'the best players; --limit, 10 if not said',
    async run(session) {
      return rankingReport(await session.api.get(`/leaderboard?limit=${session.number('limit') ?? 10}`, ranking))
    },
  },
  {
    usage: 'leaderboard player [id]',
    summary: 'a player among neighbours; --range, 5 if not said',
    async run(session, [id = session.playerId]) {
      const range = session.number('range') ?? 5
      return rankingReport(await session.api.get(`/leaderboard/${encodeURIComponent(id)}?range=${range}`, ranking))
    },
  },
  {
    usage: 'admin stats',
    summary: 'runners, games and who waits',
    async run({ api }) {
      const found = await api.get('/admin/stats', stats)
      const runners = found.runners.map(({ address, state, shards }) => [`  ${address}`, state, `${shards} shards`])
      const games = Object.entries(found.games).map(([status, count]) => [`  ${status}`, count])
      const waiting = Object.entries(found.waiting).map(([timeControl, count]) => [`  ${timeControl}`, count])
      const parts = [
        ['runners', ...(runners.length > 0 ? [tableText(runners)] : [])],
        ['games', ...(games.length > 0 ? [tableText(games)] : [])],
        ['waiting', waiting.length > 0 ? tableText(waiting) : '  nobody'],
      ]
      return { json: found, text: parts.flat().join('\n') }
    },
  },
]

function rankingReport(players: z.output<typeof ranking>): Report {
  if (players.length === 0) return { json: players, text: 'No game has been finished yet.' }
  const rows = players.map(({ rank, username, rating, wins, draws, losses }) => [
    `${rank}. ${username}`,
    rating,
    `+${wins}`,
    `=${draws}`,
    `-${losses}`,
  ])
  return { json: players, text: tableText(rows) }
}
