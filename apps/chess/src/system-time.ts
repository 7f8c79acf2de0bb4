import type { ChessTime } from './chess-time.ts'

/** The time of this machine. */
export const systemTime: ChessTime = {
  now: () => Date.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
