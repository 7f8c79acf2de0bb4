import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Listener } from '../chess-api-client.ts'
import { ChessApiClient } from '../chess-api-client.ts'
import { recordedGame } from '../recorded-game.ts'
import { ClusterProcess } from './cluster-process.ts'

const opera = recordedGame('opera-game')

/** Which runner told the latest news. */
const runnerOf = ({ messages }: Listener): string => String(messages.at(-1)?.['runner'])

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // Killed, and nobody has asked how it ended yet.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Processes that were started by one that is gone, or still is there, for this run of the cluster. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
}

describe('three processes on PostgreSQL and etcd', { timeout: 180_000 }, () => {
  it('play a game to mate although its runner is killed, and a spectator hears every move', async () => {
    await using cluster = await ClusterProcess.start()
    const { api } = cluster
    const { gameId, white, black } = await api.game('30+0')
    using spectator = await api.listen(`/games/${gameId}/watch`)
    const first = await spectator.until('game')
    const epochs = new Set<unknown>()
    // Not through the process that dies, so that this spectator's connection lives on, and only its stream moves.
    const elsewhere = new ChessApiClient(cluster.urlOf(['a', 'b', 'c'].find((name) => name !== first['runner'])!))
    using steady = await elsewhere.listen(`/games/${gameId}/watch`)
    await steady.until('game')

    for (const [ply, { uci }] of opera.moves.entries()) {
      if (ply === 11) process.kill(cluster.pidOf(runnerOf(steady)), 'SIGKILL')
      const answer = await api.move(gameId, ply % 2 === 0 ? white : black, uci, `ply-${ply}`)
      expect(answer).toMatchObject({ status: 200, body: { uci } })
      await steady.until('moved', ply + 1)
      epochs.add(steady.messages.at(-1)?.['epoch'])
    }

    await steady.until('ended')
    const told = steady.messages.filter(({ type }) => type === 'moved')
    expect(told.map(({ move }) => (move as { uci: string }).uci)).toEqual(opera.moves.map(({ uci }) => uci))
    // Another owner at the kill; and perhaps again, when the runner that was started anew got its share.
    expect(epochs.size).toBeGreaterThan(1)
    expect((await api.get(`/games/${gameId}`)).body).toMatchObject({
      status: 'WhiteWins',
      resultReason: 'Checkmate',
      boardFen: opera.finalFen,
    })
    expect((await api.get(`/players/${white}`)).body).toMatchObject({ rating: 1216, currentGameId: null })
    await cluster.until(new RegExp(`runner ${String(first['runner'])} has ended: SIGKILL; it is started again`))
  })

  it('lose any of them, one after the other, without a refused request', async () => {
    await using cluster = await ClusterProcess.start()
    const { api } = cluster
    const { gameId, white, black } = await api.game('30+0')
    const dance = ['g1f3', 'g8f6', 'f3g1', 'f6g8', 'b1c3', 'b8c6']
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      process.kill(cluster.pidOf(name), 'SIGKILL')
      for (const ply of [2 * index, 2 * index + 1]) {
        const answer = await api.move(gameId, ply % 2 === 0 ? white : black, dance[ply]!, `ply-${ply}`)
        expect(answer).toMatchObject({ status: 200 })
      }
      await expect.poll(() => isRunning(cluster.pidOf(name)), { timeout: 30_000 }).toBe(true)
    }

    expect((await api.get(`/games/${gameId}`)).body['moves']).toHaveLength(6)
    const { runners } = (await api.get('/admin/stats')).body as { runners: { state: string; shards: number }[] }
    expect(runners.filter(({ state }) => state === 'active').length).toBeGreaterThanOrEqual(3)
  })

  it('leave nothing behind at Ctrl-C', async () => {
    const cluster = await ClusterProcess.start('--runners', '2')
    const port = /postgres@127\.0\.0\.1:(\d+)/.exec(cluster.output)?.[1] ?? 'unknown'
    const pids = ['a', 'b'].map((name) => cluster.pidOf(name))
    expect(pids.map(isRunning)).toEqual([true, true])
    expect(processesWith(port)).not.toEqual([])

    expect(await cluster.end('SIGINT')).toBe(0)
    expect(pids.map(isRunning)).toEqual([false, false])
    await expect.poll(() => processesWith(port), { timeout: 10_000 }).toEqual([])
  })

  it('end with the command, however that ended', async () => {
    const cluster = await ClusterProcess.start('--runners', '2')
    const pids = ['a', 'b'].map((name) => cluster.pidOf(name))
    await cluster.end('SIGKILL')

    await expect.poll(() => pids.map(isRunning), { timeout: 40_000 }).toEqual([false, false])
  })

  it('say what is wrong with an option', async () => {
    await expect(ClusterProcess.start('--runners', 'many')).rejects.toThrow(
      '--runners must be a whole number from 1 to 26; it is "many".',
    )
  })
})
