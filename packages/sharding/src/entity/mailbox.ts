/** Activities change state, one at a time. Rpcs read it, beside a running activity. */
export type Lane = 'activity' | 'rpc'

/** What a mailbox knows of a piece of work. */
export interface Queued {
  readonly lane: Lane
  /** The mailbox's own note: it counts as running. Kept here, because a set that is filled and emptied by every call is dear. */
  isRunning?: boolean
}

/**
 * The order in which an entity's calls run. Pure bookkeeping: whoever drives it starts what {@link start} hands out
 * and says when it {@link finished}.
 *
 * Invariants: M1 at most one activity runs. M2 at most `concurrency` rpcs run. M3 within a lane work starts in the
 * order in which it came. M4 never more than `capacity` calls wait or run, stored messages not counted.
 */
export class Mailbox<Work extends Queued> {
  readonly #capacity: number
  readonly #concurrency: number
  readonly #waiting: Record<Lane, Work[]> = { activity: [], rpc: [] }
  readonly #running: Record<Lane, number> = { activity: 0, rpc: 0 }

  constructor(capacity: number, concurrency: number) {
    this.#capacity = capacity
    this.#concurrency = concurrency
  }

  get size(): number {
    return this.waiting + this.running
  }

  get waiting(): number {
    return this.#waiting.activity.length + this.#waiting.rpc.length
  }

  get running(): number {
    return this.#running.activity + this.#running.rpc
  }

  get isFull(): boolean {
    return this.size >= this.#capacity
  }

  add(work: Work): void {
    this.#waiting[work.lane].push(work)
  }

  /** Puts work back to where it came from: before everything that waits, in the order given. */
  putBack(works: readonly Work[]): void {
    for (const lane of ['activity', 'rpc'] as const) {
      this.#waiting[lane].unshift(...works.filter((work) => work.lane === lane))
    }
  }

  /** The next piece of work of a lane that may run now; it counts as running from here on. */
  start(lane: Lane): Work | undefined {
    if (this.#running[lane] >= (lane === 'activity' ? 1 : this.#concurrency)) return undefined
    const work = this.#waiting[lane].shift()
    if (work === undefined) return undefined
    work.isRunning = true
    this.#running[lane] += 1
    return work
  }

  /** The work runs no more. Its lane is free for the next. Does nothing the second time. */
  finished(work: Work): void {
    if (work.isRunning !== true) return
    work.isRunning = false
    this.#running[work.lane] -= 1
  }

  /** Takes out work that has not started. False when it has. */
  remove(work: Work): boolean {
    const waiting = this.#waiting[work.lane]
    const at = waiting.indexOf(work)
    if (at >= 0) waiting.splice(at, 1)
    return at >= 0
  }

  /** Takes out everything that has not started. */
  clear(): readonly Work[] {
    const works = [...this.#waiting.activity, ...this.#waiting.rpc]
    this.#waiting.activity = []
    this.#waiting.rpc = []
    return works
  }
}
