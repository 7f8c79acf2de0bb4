import type { Presence } from './player-session.contract.ts'

export type PlayerStatus = Presence | 'InGame' | 'InQueue'

/** One word for what a player does. What is stored comes before what is merely felt. */
export function playerStatus(facts: { isInGame: boolean; isInQueue: boolean; presence: Presence }): PlayerStatus {
  if (facts.isInGame) return 'InGame'
  return facts.isInQueue ? 'InQueue' : facts.presence
}
