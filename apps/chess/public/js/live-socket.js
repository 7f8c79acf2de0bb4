const shortestDelay = 400
const longestDelay = 4000
const normalClose = 1000
/** A server that takes a connection and does not answer is as good as none. */
const connectMs = 10_000

const down = new Set()

/** Calls back with whether all sockets of the page are connected, now and whenever that changes. */
export function watchConnection(callback) {
  listeners.add(callback)
  callback(down.size === 0)
}

const listeners = new Set()

function tell() {
  for (const callback of listeners) callback(down.size === 0)
}

/** A WebSocket that connects again by itself, later and later, until it is closed here or the server says: that is all. */
export class LiveSocket {
  #path
  #handlers
  #socket
  #delay = shortestDelay
  #timer
  #isClosed = false

  /** @param {{ onOpen?: () => void, onMessage: (message: object) => void }} handlers */
  constructor(path, handlers) {
    this.#path = path
    this.#handlers = handlers
    this.#connect()
    window.addEventListener('online', this.#hurry)
    document.addEventListener('visibilitychange', this.#hurry)
  }

  /** Starts over with a fresh connection. */
  restart() {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return
    // Not when the other side has said goodbye too: it may be gone without a word.
    socket.close()
    this.#socket = undefined
    this.#later()
  }

  close() {
    this.#isClosed = true
    clearTimeout(this.#timer)
    window.removeEventListener('online', this.#hurry)
    document.removeEventListener('visibilitychange', this.#hurry)
    this.#socket?.close(normalClose)
    this.#isUp(true)
  }

  #connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1${this.#path}`)
    this.#socket = socket
    const patience = setTimeout(() => socket.close(), connectMs)
    socket.addEventListener('open', () => {
      clearTimeout(patience)
      this.#delay = shortestDelay
      this.#isUp(true)
      this.#handlers.onOpen?.()
    })
    socket.addEventListener('message', ({ data }) => {
      if (!this.#isClosed) this.#handlers.onMessage(JSON.parse(data))
    })
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(patience)
      if (this.#isClosed || this.#socket !== socket) return
      if (code === normalClose) this.close()
      else this.#later()
    })
  }

  #later() {
    this.#isUp(false)
    const jitter = 0.7 + Math.random() * 0.6
    this.#timer = setTimeout(() => this.#connect(), this.#delay * jitter)
    this.#delay = Math.min(longestDelay, this.#delay * 2)
  }

  /** The network is back, or somebody looks at the page again: no reason to wait. */
  #hurry = () => {
    if (document.hidden || this.#socket?.readyState !== WebSocket.CLOSED || this.#isClosed) return
    clearTimeout(this.#timer)
    this.#delay = shortestDelay
    this.#connect()
  }

  #isUp(isUp) {
    if (isUp) down.delete(this)
    else down.add(this)
    tell()
  }
}
