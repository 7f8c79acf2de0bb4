import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer, temporaryFolder } from '../in-process-server.ts'

const main = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const node = ['--conditions=@cruster/source', main]

let server: TestServer
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  server = await startTestServer()
  folder = await temporaryFolder()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Somebody at a terminal of their own. */
class Terminal {
  readonly env: Readonly<Record<string, string>>

  constructor(name: string, url = server.url) {
    this.env = { PATH: process.env['PATH'] ?? '', CHESS_URL: url, CHESS_MEMORY: join(folder.path, `${name}.json`) }
  }

  chess(...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(process.execPath, [...node, ...args], { env: this.env }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: out.trimEnd(), err: err.trimEnd() })
      })
    })
  }

  /** The answer as JSON. */
  async json(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const { out, err, code } = await this.chess(...args, '--json')
    if (code !== 0) throw new Error(`chess ${args.join(' ')} ended with ${code}: ${err}`)
    return JSON.parse(out) as Record<string, unknown>
  }
}

describe('the program chess', { timeout: 120_000 }, () => {
  it('registers a player, remembers who it is, finds an opponent and plays to mate', async () => {
    const [ann, bob] = [new Terminal('ann'), new Terminal('bob')]
    expect((await ann.chess('player', 'register', 'Ann')).out).toMatch(/^Ann \([\da-f-]{36}\)\n {2}status {2}Online$/)
    await bob.chess('player', 'register', 'Bob')
    const waiting = spawn(process.execPath, [...node, 'match', 'find', '--time-control', '11+1'], { env: ann.env })
    const closed = once(waiting, 'close')
    let heard = ''
    waiting.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text))
    while (!heard.includes('Waiting at position 1')) await once(waiting.stdout, 'data')
    const { gameId, color } = await bob.json('match', 'find', '--time-control', '11+1')
    await closed

    expect(color).toBe('white')
    expect(heard).toContain(`Game ${String(gameId)} begins. You have black.`)
    for (const [player, move] of [
      [bob, 'f2f3'],
      [ann, 'e7e5'],
      [bob, 'g2g4'],
    ] as const) {
      expect((await player.chess('game', 'move', move)).code).toBe(0)
    }
    expect((await bob.chess('game', 'moves')).out).toBe('  1. f3      e5\n  2. g4')
    const mate = await ann.chess('game', 'move', 'd8h4')
    expect(mate.out).toMatch(/^Qh4#\n[\s\S]*\nBlackWins by Checkmate$/)
    expect((await ann.chess('game', 'show', String(gameId))).out).toMatch(
      /^Bob \(white\)[\s\S]*\n1 {2}[\s\S]*Ann \(black\)/,
    )
    expect((await ann.chess('leaderboard', 'top', '--limit', '100')).out).toMatch(
      /^\d+\. Ann +1216 {2}\+1 {2}=0 {2}-0$/m,
    )
    expect((await bob.chess('leaderboard', 'player')).out).toMatch(/^\d+\. Bob +1184 {2}\+0 {2}=0 {2}-1$/m)
  })

  it('shows the board as its player sees it', async () => {
    const { gameId, white } = await server.api.game()
    const { out } = await new Terminal('nobody').chess('game', 'show', gameId, '--player', white)

    expect(out.split('\n').slice(2, 12)).toEqual([
      '8  ♜ ♞ ♝ ♛ ♚ ♝ ♞ ♜',
      '7  ♟ ♟ ♟ ♟ ♟ ♟ ♟ ♟',
      '6  · · · · · · · ·',
      '5  · · · · · · · ·',
      '4  · · · · · · · ·',
      '3  · · · · · · · ·',
      '2  ♙ ♙ ♙ ♙ ♙ ♙ ♙ ♙',
      '1  ♖ ♘ ♗ ♕ ♔ ♗ ♘ ♖',
      '',
      '   a b c d e f g h',
    ])
    expect(out).toMatch(/White \(white\) [45]:\d\d/)
  })

  it('watches a game to its end', async () => {
    const { gameId, white, black } = await server.api.game()
    const spectator = new Terminal('spectator')
    const watching = spectator.chess('game', 'watch', gameId)
    await server.api.move(gameId, white, 'e2e4')
    await server.api.move(gameId, black, 'c7c5')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await server.api.post(`/games/${gameId}/resign`, { playerId: white })
    const { out, code } = await watching

    expect(code).toBe(0)
    expect(out).toMatch(/1… c5|1\. e4 {6}c5/)
    expect(out).toMatch(/\nBlackWins by Resignation$/)
  })

  it('offers and accepts draws, resigns, aborts and leaves the queue', async () => {
    const nobody = new Terminal('nobody')
    const first = await server.api.game()
    await nobody.chess('game', 'draw', 'offer', '--player', first.white)
    expect((await nobody.chess('game', 'draw', 'accept', '--player', first.black)).out).toBe('Draw by DrawAgreement')
    const second = await server.api.game()
    expect((await nobody.chess('game', 'abort', '--player', second.white)).out).toBe('Aborted by Aborted')
    const third = await server.api.game()
    expect((await nobody.chess('game', 'resign', '--player', third.white)).out).toBe('BlackWins by Resignation')
    const player = ['--player', third.white]
    expect(await nobody.json('match', 'find', '--no-wait', '--min-rating', '2000', ...player)).toEqual({
      matched: false,
      position: 1,
    })
    expect((await nobody.chess('match', 'cancel', ...player)).out).toBe('You have left the queue.')
  })

  it('tells operators what there is', async () => {
    const { gameId } = await server.api.game()
    const operator = new Terminal('operator')

    expect((await operator.chess('admin', 'stats')).out).toMatch(
      /^runners\n {2}\S+:\d+ {2}active {2}\d+ shards\ngames\n/,
    )
    const { out } = await operator.chess('admin', 'games', 'active')
    expect(out).toMatch(new RegExp(`^${gameId} +White – Black +5\\+3$`, 'm'))
  })

  it('says what the server refuses, with exit code 1', async () => {
    const { gameId, black } = await server.api.game()
    const { code, err } = await new Terminal('nobody').chess(
      'game',
      'move',
      'e7e5',
      '--player',
      black,
      '--game',
      gameId,
    )

    expect(code).toBe(1)
    expect(err).toMatch(/^NOT_YOUR_TURN: /)
  })

  it('says so when there is no server', async () => {
    const { code, err } = await new Terminal('nobody', 'http://127.0.0.1:9').chess('leaderboard', 'top')

    expect({ code, err }).toEqual({ code: 1, err: 'There is no server at http://127.0.0.1:9.' })
  })

  it.each([
    [['fly'], 'There is no command "fly".'],
    [['player', 'register'], 'Usage: chess player register <name>'],
    [['player', 'status', 'a', 'b'], 'Usage: chess player status [id]'],
    [['leaderboard', 'top', '--limit', 'all'], '--limit must be a whole number; it is "all".'],
    [['game', 'resign'], 'Who are you? Register'],
    [['game', '--colour'], "Unknown option '--colour'"],
  ])('does not understand %j, says so, and ends with 2', async (args, message) => {
    const { code, err } = await new Terminal('stranger').chess(...args)

    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})
