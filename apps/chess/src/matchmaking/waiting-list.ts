import type { RatingRange } from './rating-range.ts'
import { contains } from './rating-range.ts'

/** A player who waits for an opponent. */
export interface Waiting {
  readonly playerId: string
  /** As `5+3`. */
  readonly timeControl: string
  readonly since: number
  readonly rating: number
  /** Of opponents. */
  readonly accepts: RatingRange
}

/** Who waits, in the order of arrival. */
export type WaitingList = readonly Waiting[]

/** Who has waited longest for a game like this and suits. Nobody plays against themselves. */
export function findOpponent(list: WaitingList, newcomer: Waiting): Waiting | undefined {
  return list.find((waiting) => suit(waiting, newcomer))
}

/** Whether two want the same game, and each accepts the rating of the other. */
function suit(one: Waiting, other: Waiting): boolean {
  if (one.playerId === other.playerId || one.timeControl !== other.timeControl) return false
  return contains(one.accepts, other.rating) && contains(other.accepts, one.rating)
}

/** From 1, among those who wait for the same time control; undefined for somebody who does not wait. */
export function positionOf(list: WaitingList, playerId: string): number | undefined {
  const waiting = list.find((entry) => entry.playerId === playerId)
  if (waiting === undefined) return undefined
  return list.filter(({ timeControl }) => timeControl === waiting.timeControl).indexOf(waiting) + 1
}

export function without(list: WaitingList, playerId: string): WaitingList {
  return list.filter((entry) => entry.playerId !== playerId)
}
