import { describe, expect, it } from 'vitest'
import { acceptDraw, offerDraw } from '../../src/game/agree-draw.ts'
import type { Game } from '../../src/game/game.ts'
import { abort, fallFlag, resign } from '../../src/game/leave-game.ts'
import { movesFor } from '../../src/game/moves-for.ts'
import { aGame, after, start } from './a-game.ts'

const now = start + 5000

describe('a game without mate', () => {
  it.each([
    ['white', 'BlackWins'],
    ['black', 'WhiteWins'],
  ])('is lost by %s who resigns', (player, status) => {
    expect(resign(aGame(), player, now)).toMatchObject({ status, resultReason: 'Resignation' })
  })

  it('is drawn when an offer is accepted', () => {
    const offered = offerDraw(after('e2e4'), 'white', now) as Game

    expect(offered.drawOffer).toEqual({ offeredBy: 'white', at: now })
    expect(acceptDraw(offered, 'black', now)).toMatchObject({
      status: 'Draw',
      resultReason: 'DrawAgreement',
      drawOffer: null,
    })
  })

  it('is drawn when both offer', () => {
    const offered = offerDraw(aGame(), 'white', now) as Game

    expect(offerDraw(offered, 'black', now)).toMatchObject({ resultReason: 'DrawAgreement' })
  })

  it('keeps the first offer when it is repeated', () => {
    const offered = offerDraw(aGame(), 'white', now) as Game

    expect(offerDraw(offered, 'white', now + 1)).toBe(offered)
  })

  it('needs an offer, and not an own one, to be drawn', () => {
    const offered = offerDraw(aGame(), 'white', now) as Game

    expect(acceptDraw(aGame(), 'white', now)).toMatchObject({ refused: 'NoDrawOffer' })
    expect(acceptDraw(offered, 'white', now)).toMatchObject({ refused: 'CannotAcceptOwnOffer' })
  })

  it('can be called off until both have moved', () => {
    expect(abort(after('e2e4'), 'black', now)).toMatchObject({ status: 'Aborted', resultReason: 'Aborted' })
    expect(abort(after('e2e4 e7e5'), 'white', now)).toMatchObject({ refused: 'TooLateToAbort' })
  })

  it.each([
    ['offerDraw', offerDraw],
    ['acceptDraw', acceptDraw],
    ['resign', resign],
    ['abort', abort],
  ])('is nothing that strangers can end with %s', (_, action) => {
    expect(action(aGame(), 'stranger', now)).toMatchObject({ refused: 'NotInGame' })
  })

  it('is lost by the flag of the side to move, and only when it has fallen', () => {
    const game = after('e2e4')
    const falls = start + 1000 + 300_000

    expect(fallFlag(game, falls - 1)).toBe(game)
    expect(fallFlag(game, falls)).toMatchObject({ status: 'WhiteWins', resultReason: 'Timeout' })
    const over = fallFlag(game, falls)
    expect(fallFlag(over, falls + 1)).toBe(over)
  })
})

describe('the moves of a position', () => {
  it('are for whose turn it is, and for spectators', () => {
    expect(movesFor(aGame(), 'white', now)).toHaveLength(20)
    expect(movesFor(aGame(), undefined, now)).toHaveLength(20)
    expect(movesFor(aGame(), 'black', now)).toMatchObject({ refused: 'NotYourTurn' })
    expect(movesFor(aGame(), 'stranger', now)).toMatchObject({ refused: 'NotInGame' })
  })

  it('are none after the end', () => {
    const over = resign(aGame(), 'white', now) as Game

    expect(movesFor(over, undefined, now)).toEqual([])
    expect(movesFor(over, 'white', now)).toMatchObject({ refused: 'GameOver' })
  })
})
