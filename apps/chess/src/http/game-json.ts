import type { AuditEntry } from '../audit/auditable.contract.ts'
import type { DrawOffer, GameSnapshot, MoveRecord } from '../game/game.ts'

/** Entities count milliseconds; JSON says times as RFC 3339. Durations stay milliseconds. */

const time = (ms: number): string => new Date(ms).toISOString()

export const moveJson = (move: MoveRecord) => ({ ...move, timestamp: time(move.timestamp) })

export const drawOfferJson = (offer: DrawOffer) => ({ offeredBy: offer.offeredBy, at: time(offer.at) })

export function gameJson(game: GameSnapshot) {
  const { moves, lastMoveAt, createdAt, drawOffer, running: _, ...rest } = game
  return {
    ...rest,
    moves: moves.map(moveJson),
    lastMoveAt: lastMoveAt === null ? null : time(lastMoveAt),
    createdAt: time(createdAt),
    drawOffer: drawOffer === null ? null : drawOfferJson(drawOffer),
  }
}

export const auditJson = (entry: AuditEntry) => ({ ...entry, timestamp: time(entry.timestamp) })
