import { describe, expect, it } from 'vitest'
import type { Game } from '../../src/game/game.ts'
import { resign } from '../../src/game/leave-game.ts'
import { offerDraw } from '../../src/game/agree-draw.ts'
import { follow } from '../../src/game/watch-game.ts'
import type { GameNews } from '../../src/game/watch-event.ts'
import { collected } from '../collected.ts'
import { aGame, after, start } from './a-game.ts'

const time = { now: () => start + 9000, setTimer: () => ({ cancel: () => undefined }) }

async function told(states: readonly Game[], last?: GameNews): Promise<GameNews[]> {
  const source = (async function* () {
    for (const game of states) yield { game }
  })()
  return collected(follow(source, { time, last }))
}

const types = (events: readonly GameNews[]): string[] => events.map(({ type }) => type)

describe('a spectator', () => {
  it('is told the game, then its moves', async () => {
    const events = await told([aGame(), after('e2e4'), after('e2e4 e7e5')])

    expect(types(events)).toEqual(['game', 'moved', 'moved'])
    expect(events.map(({ ply }) => ply)).toEqual([0, 1, 2])
  })

  it('is told every move although states were missed', async () => {
    const events = await told([aGame(), after('e2e4 e7e5 g1f3')])

    expect(events.slice(1).map((event) => event.type === 'moved' && event.move.san)).toEqual(['e4', 'e5', 'Nf3'])
  })

  it('is told of an offer once', async () => {
    const offered = offerDraw(after('e2e4'), 'white', start) as Game
    const events = await told([after('e2e4'), offered, offered])

    expect(types(events)).toEqual(['game', 'drawOffered', 'clock'])
  })

  it('is told the end, and nothing after it', async () => {
    const over = resign(after('e2e4'), 'black', start + 2000) as Game
    const events = await told([after('e2e4'), over, over])

    expect(types(events)).toEqual(['game', 'ended'])
    expect(events.at(-1)).toMatchObject({ status: 'WhiteWins', resultReason: 'Resignation' })
  })

  it('of a game that is over is told just that', async () => {
    expect(types(await told([after('f2f3 e7e5 g2g4 d8h4')]))).toEqual(['game', 'ended'])
  })

  it('is told the clocks when nothing happens', async () => {
    const [, clock] = await told([aGame(), aGame()])

    expect(clock).toMatchObject({ type: 'clock', whiteTimeRemaining: 291_000, running: 'white' })
  })

  it('goes on where a broken stream ended', async () => {
    const [, first] = await told([aGame(), after('e2e4')])

    expect(types(await told([after('e2e4 e7e5')], first))).toEqual(['moved'])
  })
})
