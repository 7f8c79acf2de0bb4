import { api } from './api.js'
import { ratingRange } from './rating-range.js'
import { me } from './identity.js'

const checkMs = 10_000

/** The place of this tab's player in the queue. Asks now and then whether it still has it, and takes it again if not. */
class Queue {
  /** What the player waits for; null: nothing. */
  timeControl = null
  #listeners = new Set()
  #timer

  /** Calls back at each change. Returns what stops that. */
  watch(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  async join(timeControl) {
    if (this.timeControl !== null) await this.leave()
    this.#set(timeControl)
    try {
      const { matched, gameId } = await api.joinQueue(me.playerId, timeControl, ratingRange(me.rating))
      if (matched) this.found(gameId)
    } catch (error) {
      if (error.code === 'ALREADY_IN_QUEUE') return
      this.#set(null)
      throw error
    }
  }

  async leave() {
    this.#set(null)
    await api.leaveQueue(me.playerId).catch((error) => {
      if (error.code !== 'NOT_IN_QUEUE') throw error
    })
  }

  /** A game has begun: the wait is over. */
  found(gameId) {
    this.#set(null)
    location.hash = `#/game/${gameId}`
  }

  #set(timeControl) {
    this.timeControl = timeControl
    clearInterval(this.#timer)
    if (timeControl !== null) this.#timer = setInterval(() => void this.#check(), checkMs)
    for (const callback of this.#listeners) callback()
  }

  async #check() {
    const player = await api.player(me.playerId).catch(() => undefined)
    if (player === undefined || this.timeControl === null) return
    if (player.status === 'InGame') this.found(player.currentGameId)
    else if (player.status !== 'InQueue') await this.join(this.timeControl).catch(() => undefined)
  }
}

export const queue = new Queue()
