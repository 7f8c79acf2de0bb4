import { api } from './api.js'

const key = 'cruster-chess-player'

/** Who plays in this tab: `{ playerId, username, … }`, or null before a name was given. */
export let me = null

const listeners = new Set()

/** Calls back with the player of this tab, now and whenever it changes. Returns what stops that. */
export function watchMe(callback) {
  listeners.add(callback)
  callback(me)
  return () => listeners.delete(callback)
}

/**
 * Finds the player of this tab: the one it had before a reload, else the one this browser had last; unless another tab
 * plays as that one, so that two tabs are two players.
 */
export async function recall() {
  for (const storage of [sessionStorage, localStorage]) {
    const playerId = storage.getItem(key)
    if (playerId === null || !(await claim(playerId))) continue
    try {
      become(await api.player(playerId))
      return
    } catch (error) {
      // The server has other data than it had: that player is gone.
      if (error.code === 'NOT_FOUND') storage.removeItem(key)
    }
  }
}

/** Becomes a new player. */
export async function signUp(username) {
  const { playerId } = await api.register(username)
  await claim(playerId)
  become(await api.player(playerId))
}

/** Asks the server what has become of the player of this tab. */
export async function refreshMe() {
  if (me === null) return
  me = await api.player(me.playerId)
  tell()
}

function become(player) {
  me = player
  sessionStorage.setItem(key, player.playerId)
  localStorage.setItem(key, player.playerId)
  tell()
}

function tell() {
  for (const callback of listeners) callback(me)
}

/** True if no other tab plays as this player. The claim ends with the tab. */
async function claim(playerId) {
  if (!('locks' in navigator)) return true
  return new Promise((resolve) => {
    void navigator.locks.request(`player ${playerId}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise(() => {})
    })
  })
}
