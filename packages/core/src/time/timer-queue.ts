const gone = -1

/** A timer that waits in a {@link TimerQueue}, or waited. */
export interface QueuedTimer {
  readonly due: number
  /** Of two that are due at the same time, the smaller goes first. */
  readonly order: number
  readonly callback: () => void
  /** Its place in the queue, which only the queue may change; -1 once it has left. */
  position: number
}

/**
 * Timers in the order in which they have to fire: by due time, equal ones as they came. Knows no clock.
 *
 * A binary heap in which every timer knows its place: adding and removing take O(log n), and a removed timer leaves nothing
 * behind. That matters because most timers are deadlines, which are removed long before they are due.
 */
export class TimerQueue {
  readonly #heap: QueuedTimer[] = []
  #added = 0

  get size(): number {
    return this.#heap.length
  }

  /** When the first timer is due; undefined when there is none. */
  nextDue(): number | undefined {
    return this.#heap[0]?.due
  }

  add(due: number, callback: () => void): QueuedTimer {
    const timer = { due, order: this.#added, callback, position: this.#heap.length }
    this.#added += 1
    this.#heap.push(timer)
    this.#moveUp(timer)
    return timer
  }

  /** Does nothing when the timer has left already. */
  remove(timer: QueuedTimer): void {
    if (timer.position === gone) return
    const last = this.#heap.pop()
    if (last !== undefined && last !== timer) {
      this.#place(last, timer.position)
      this.#moveUp(last)
      this.#moveDown(last)
    }
    timer.position = gone
  }

  /** Takes out the first timer that is due by then. */
  takeDue(now: number): QueuedTimer | undefined {
    const [first] = this.#heap
    if (first === undefined || first.due > now) return undefined
    this.remove(first)
    return first
  }

  /** Due times of all timers, soonest first. */
  dueTimes(): readonly number[] {
    return this.#heap.map(({ due }) => due).toSorted((a, b) => a - b)
  }

  #moveUp(timer: QueuedTimer): void {
    while (timer.position > 0) {
      const parent = this.#heap[(timer.position - 1) >> 1]
      if (parent === undefined || isBefore(parent, timer)) return
      this.#swap(parent, timer)
    }
  }

  #moveDown(timer: QueuedTimer): void {
    for (;;) {
      const child = this.#smallerChild(timer.position)
      if (child === undefined || isBefore(timer, child)) return
      this.#swap(timer, child)
    }
  }

  #smallerChild(position: number): QueuedTimer | undefined {
    const left = this.#heap[position * 2 + 1]
    const right = this.#heap[position * 2 + 2]
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left
  }

  #swap(upper: QueuedTimer, lower: QueuedTimer): void {
    const { position } = lower
    this.#place(lower, upper.position)
    this.#place(upper, position)
  }

  #place(timer: QueuedTimer, position: number): void {
    this.#heap[position] = timer
    timer.position = position
  }
}

const isBefore = (a: QueuedTimer, b: QueuedTimer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)
