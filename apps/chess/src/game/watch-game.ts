import type { ChessTime } from '../chess-time.ts'
import type { Game } from './game.ts'
import { isOver, snapshotOf } from './game.ts'
import type { ClockReading, GameNews, Teller, WatchEvent } from './watch-event.ts'

/** How much of a game a spectator has been told. */
interface Told {
  readonly ply: number
  readonly offeredBy: string | undefined
}

/** Where a spectator stands who received `last` before the stream broke. */
function alreadyTold(last: GameNews): Told {
  return { ply: last.ply, offeredBy: last.type === 'drawOffered' ? last.offeredBy : undefined }
}

function toldAll(game: Game): Told {
  return { ply: game.moves.length, offeredBy: game.drawOffer?.offeredBy }
}

/** The first value of a stream. */
function introduction(game: Game, now: number): GameNews {
  return { type: 'game', ply: game.moves.length, game: snapshotOf(game, now) }
}

/** What happened since, in order. */
export function newsOf(game: Game, told: Told, now: number): GameNews[] {
  const events: GameNews[] = []
  const { moves, whiteTimeRemaining, blackTimeRemaining, running, ...facts } = snapshotOf(game, now)
  const clocks = { whiteTimeRemaining, blackTimeRemaining, running }
  const outcome = { boardFen: facts.boardFen, status: facts.status, resultReason: facts.resultReason }
  for (const [index, move] of moves.slice(told.ply).entries()) {
    events.push({ type: 'moved', ply: told.ply + index + 1, move, ...outcome, boardFen: move.fenAfter, ...clocks })
  }
  if (game.drawOffer !== null && (game.drawOffer.offeredBy !== told.offeredBy || events.length > 0)) {
    events.push({ type: 'drawOffered', ply: moves.length, ...game.drawOffer })
  }
  if (isOver(game)) events.push({ type: 'ended', ply: moves.length, ...outcome, ...clocks })
  return events
}

function clockReading(game: Game, now: number): GameNews & ClockReading {
  const { whiteTimeRemaining, blackTimeRemaining, running } = snapshotOf(game, now)
  return { type: 'clock', ply: game.moves.length, whiteTimeRemaining, blackTimeRemaining, running }
}

export interface FollowOptions {
  readonly time: ChessTime
  /** What a spectator received last before the stream broke. */
  readonly last: GameNews | undefined
}

/** Tells a spectator what happens from state to state; the same state again means: time goes by. Ends with the game. */
export async function* follow(
  states: AsyncIterable<{ readonly game: Game | null }>,
  { time, last }: FollowOptions,
): AsyncGenerator<GameNews> {
  let told = last === undefined ? undefined : alreadyTold(last)
  for await (const { game } of states) {
    if (game === null) continue
    const now = time.now()
    if (told === undefined) yield introduction(game, now)
    const events = newsOf(game, told ?? toldAll(game), now)
    yield* events.length > 0 || told === undefined ? events : [clockReading(game, now)]
    told = toldAll(game)
    if (isOver(game)) return
  }
}

/** The same news, signed by who tells them. */
export async function* toldBy(teller: Teller, news: AsyncIterable<GameNews>): AsyncGenerator<WatchEvent> {
  for await (const one of news) yield { ...one, ...teller }
}
