import { h } from './dom.js'

const lowMs = 20_000
const tenthsBelowMs = 10_000

/** `5:03`, `1:02:09`, and below ten seconds `0:07.3`. */
export function formatClock(ms) {
  const left = Math.max(0, ms)
  if (left < tenthsBelowMs) return `0:0${(Math.floor(left / 100) / 10).toFixed(1)}`
  const seconds = Math.ceil(left / 1000)
  const [h_, m, s] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    String(seconds % 60).padStart(2, '0'),
  ]
  return h_ > 0 ? `${h_}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

/** A clock that runs down between what the server tells of it. */
export class ClockFace {
  #ms = 0
  #at = 0
  #isRunning = false

  constructor() {
    this.element = h('div', { class: 'clock', role: 'timer' })
  }

  /** What the server says is left, as of now. */
  set(ms, isRunning) {
    this.#ms = ms
    this.#at = performance.now()
    this.#isRunning = isRunning
    this.element.classList.toggle('running', isRunning)
    this.draw()
  }

  draw() {
    const left = this.#isRunning ? this.#ms - (performance.now() - this.#at) : this.#ms
    const text = formatClock(left)
    if (this.element.textContent !== text) this.element.textContent = text
    this.element.classList.toggle('low', this.#isRunning && left < lowMs)
  }
}
