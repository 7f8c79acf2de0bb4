import { randomKey } from './ids.js'

/** The server refused a request, with a code from its list; or could not be reached: code `OFFLINE`. */
export class ApiError extends Error {
  constructor(code, message, status) {
    super(message)
    this.code = code
    this.status = status
  }
}

const retryDelays = [300, 700, 1500, 3000, 5000]

const get = (path) => request('GET', path)
const post = (path, body, headers) => request('POST', path, { body, headers })
const game = (id) => `/games/${id}`

export const api = {
  register: (username) => post('/players', { username }),
  player: (id) => get(`/players/${id}`),
  joinQueue: (id, timeControl, range) => post(`/players/${id}/queue`, { timeControl, ...range }),
  leaveQueue: (id) => request('DELETE', `/players/${id}/queue`),
  createGame: (white, black, timeControl) => post('/games', { white, black, timeControl }),
  liveGames: () => get('/games?limit=6'),
  game: (id) => get(game(id)),
  legalMoves: (id, playerId) => get(`${game(id)}/legal-moves?player=${playerId}`),
  act: (id, action, playerId) => post(`${game(id)}/${action}`, { playerId }),
  stats: () => get('/admin/stats'),
  leaderboard: (limit) => get(`/leaderboard?limit=${limit}`),
  leaderboardAround: (playerId) => get(`/leaderboard/${playerId}?range=2`),

  /** Plays a move once, however often the network or the server fails on the way: every attempt has the same key. */
  async move(id, playerId, move) {
    const headers = { 'idempotency-key': randomKey() }
    for (const delay of retryDelays) {
      try {
        return await post(`${game(id)}/moves`, { playerId, move }, headers)
      } catch (error) {
        if (!isPassing(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, delay))
      }
    }
    return post(`${game(id)}/moves`, { playerId, move }, headers)
  },
}

/** Whether the same request may succeed later. */
function isPassing(error) {
  return error.code === 'OFFLINE' || error.status >= 500
}

async function request(method, path, { body, headers } = {}) {
  const options = { method, headers: { 'content-type': 'application/json', ...headers } }
  if (body !== undefined) options.body = JSON.stringify(body)
  const response = await fetch(`/api/v1${path}`, options).catch(() => {
    throw new ApiError('OFFLINE', 'The server cannot be reached.', 0)
  })
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => undefined)
  if (response.ok) return answer
  const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = answer?.error ?? {}
  throw new ApiError(code, message, response.status)
}
