import { describe, expect, it } from 'vitest'
import type { WatchEvent } from '../src/game/watch-event.ts'
import type { PlayerEvent } from '../src/player/player-event.ts'
import { ChessCluster } from './chess-cluster.ts'

/** Reads a stream into a list until it is told to stop. */
function listen<Value>(open: (signal: AbortSignal) => AsyncIterable<Value>): {
  seen: Value[]
  stop: () => Promise<void>
} {
  const seen: Value[] = []
  const aborter = new AbortController()
  const reading = (async () => {
    for await (const value of open(aborter.signal)) seen.push(value)
  })().catch(() => undefined)
  const stop = async (): Promise<void> => {
    aborter.abort()
    await reading
  }
  return { seen, stop }
}

describe('a stream that is open for hours', { timeout: 60_000 }, () => {
  it('keeps a player there, idle, and still brings news', async () => {
    await using chess = await ChessCluster.start()
    const { cluster, clients } = chess
    const [ann, bob] = [await chess.player(1), await chess.player(2)]
    const news = listen<PlayerEvent>((signal) => clients.session(ann).events(undefined, { signal }))
    const presence = () => clients.session(ann).getPresence()
    await cluster.until('somebody listens', async () => (await presence()) === 'Online')

    await cluster.clock.advance('3 hours')
    expect(await presence()).toBe('Idle')
    const { gameId } = await chess.game()
    const timeControl = { initialMs: 60_000, incrementMs: 0 }
    const other = gameId.replace('9000', '9001')
    await clients.game(other).create({ white: bob, black: ann, timeControl, origin: 'challenge' })
    await cluster.until('the news has come', () => news.seen.length > 0)

    expect(news.seen).toMatchObject([{ type: 'gameStarted', gameId: other, opponent: bob }])
    await news.stop()
    await cluster.until('nobody listens', async () => (await presence()) === 'Offline')
  })

  it('keeps telling the clocks of a game in which nobody moves', async () => {
    await using chess = await ChessCluster.start()
    const { cluster, clients } = chess
    const { gameId, white } = await chess.game('180+0')
    const watched = listen<WatchEvent>((signal) => clients.game(gameId).watch(undefined, { signal }))
    await cluster.until('the game is shown', () => watched.seen.length > 0)

    await cluster.clock.advance('10 minutes')
    await clients.game(gameId).move({ playerId: white, move: 'e2e4' })
    await cluster.until('the move is told', () => watched.seen.some(({ type }) => type === 'moved'))

    const clocks = watched.seen.filter(({ type }) => type === 'clock')
    expect(clocks.length).toBeGreaterThan(100)
    expect(clocks.at(-1)).toMatchObject({ running: 'white', blackTimeRemaining: 10_800_000 })
    await watched.stop()
  })
})
