import { fill, h } from './dom.js'

/** A game tells something every second. After this much silence its runner may be gone. */
const silentAfterMs = 2200
const newsStaysMs = 12_000

/**
 * Says which runner has the game: a process of the cluster. When that one dies it says so until another one has taken over,
 * and then how long it took.
 */
export class RunnerBadge {
  #runner
  #epoch
  #heardAt = performance.now()
  #news
  #newsUntil = 0
  #isOver = false
  #shown = ''

  constructor() {
    this.element = h('p', { class: 'host', role: 'status', hidden: true })
  }

  /** Something came from the game. */
  heard({ runner, epoch }, isOver) {
    const now = performance.now()
    const hasMoved = this.#epoch !== undefined && epoch !== this.#epoch
    if (hasMoved) {
      const tookMs = now - this.#heardAt
      this.#news = { from: this.#runner, took: `${(tookMs / 1000).toFixed(1)}\u00a0s` }
      this.#newsUntil = now + newsStaysMs
    }
    this.#runner = runner
    this.#epoch = epoch
    this.#heardAt = now
    this.#isOver = isOver
    this.draw()
  }

  /** How long nothing has come from a game that goes on. */
  get silentMs() {
    return this.#isOver ? 0 : performance.now() - this.#heardAt
  }

  /** Shows what is true now; called often. */
  draw() {
    if (this.#runner === undefined) return
    const state = this.#state()
    const key = `${state} ${this.#runner} ${this.#epoch}`
    if (key === this.#shown) return
    this.#shown = key
    this.element.hidden = false
    this.element.dataset.state = state
    this.element.dataset.runner = this.#runner
    this.element.dataset.epoch = this.#epoch
    fill(this.element, h('span', { class: 'lamp' }), h('span', {}, this.#text(state)))
  }

  #state() {
    if (this.silentMs > silentAfterMs) return 'silent'
    return performance.now() < this.#newsUntil ? 'moved' : 'steady'
  }

  #text(state) {
    const runner = h('b', {}, this.#runner)
    if (state === 'silent') return ['Runner ', runner, ' is silent. Waiting for another…']
    if (state === 'moved' && this.#news.from !== this.#runner) {
      return ['Runner ', runner, ` took over from ${this.#news.from} after ${this.#news.took}`]
    }
    if (state === 'moved') return ['Runner ', runner, ` has the game again, after ${this.#news.took}`]
    return [this.#isOver ? 'Played on runner ' : 'Served by runner ', runner]
  }
}
