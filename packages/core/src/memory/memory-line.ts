import { RunnerUnavailable } from '../error/runner-unavailable.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Frame } from '../ports/frame.ts'
import type { Connection } from '../ports/transport.ts'
import { BatchQueue } from './batch-queue.ts'
import type { DeliveryFate } from './fault-plan.ts'
import type { PipeRoute } from './memory-pipe.ts'
import { MemoryPipe } from './memory-pipe.ts'

/** What a line has to know of the network that it runs through. */
export interface LineConditions {
  readonly clock: Clock
  readonly keepAliveMs: number
  isCut(from: string, to: string): boolean
  fate(from: string, to: string, frames: readonly Frame[]): DeliveryFate | undefined
  /** Both ends are over. */
  ended(line: MemoryLine): void
}

/** A connection as one of its two sides sees it. */
class LineEnd implements Connection {
  readonly peer: string
  readonly frames = new BatchQueue<Frame>()
  readonly closed: Promise<Error | undefined>
  readonly #out: MemoryPipe
  #resolveClosed: (reason: Error | undefined) => void = () => {}
  #isOver = false

  constructor(peer: string, out: MemoryPipe) {
    this.peer = peer
    this.#out = out
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve))
  }

  get isOver(): boolean {
    return this.#isOver
  }

  send(frames: readonly Frame[]): void {
    this.#out.send(frames)
  }

  close(): void {
    if (this.#isOver) return
    this.#out.finish()
    this.end(undefined)
  }

  end(reason: Error | undefined): void {
    this.#isOver = true
    this.frames.end()
    this.#resolveClosed(reason)
  }
}

/**
 * A connection between two nodes, with both of its ends.
 *
 * What a cut holds up is kept and arrives in order when the cut is healed in time. When it is not, both sides miss each other's
 * signs of life after `keepAliveMs`, the line breaks, and what was held up is lost.
 */
export class MemoryLine {
  readonly nodes: readonly [from: string, to: string]
  readonly near: Connection
  readonly far: Connection
  readonly #conditions: LineConditions
  readonly #ends: readonly [LineEnd, LineEnd]
  readonly #pipes: readonly [MemoryPipe, MemoryPipe]
  #isSilent = false
  #missing: Timer | undefined

  constructor(conditions: LineConditions, from: string, to: string) {
    this.nodes = [from, to]
    this.#conditions = conditions
    const there = new MemoryPipe(this.#route(from, to, () => far))
    const back = new MemoryPipe(this.#route(to, from, () => near))
    const near = new LineEnd(to, there)
    const far = new LineEnd(from, back)
    this.near = near
    this.far = far
    this.#ends = [near, far]
    this.#pipes = [there, back]
    for (const end of this.#ends) void end.closed.then(() => this.#endTogether())
  }

  /** The network between the nodes was cut or healed. */
  conditionsChanged(): void {
    if (this.#isBlocked()) return this.#missLife()
    this.#missing?.cancel()
    this.#missing = undefined
    for (const pipe of this.#pipes) pipe.flush()
  }

  /** One side has died without a word: nothing passes any more. */
  fallSilent(): void {
    this.#isSilent = true
    this.#missLife()
  }

  /** The line is over at once, for both sides. */
  breakDown(why: string): void {
    for (const pipe of this.#pipes) pipe.stop()
    for (const end of this.#ends) {
      if (!end.isOver) end.end(new RunnerUnavailable(end.peer, { outcome: 'unknown', cause: why }))
    }
  }

  #route(from: string, to: string, receiver: () => LineEnd): PipeRoute {
    const conditions = this.#conditions
    return {
      clock: conditions.clock,
      isBlocked: () => this.#isSilent || conditions.isCut(from, to),
      fate: (frames) => conditions.fate(from, to, frames),
      arrive: (frames) => receiver().frames.push(frames),
      finish: () => {
        if (!receiver().isOver) receiver().end(undefined)
      },
      breakDown: () => this.breakDown('the line broke'),
    }
  }

  #isBlocked(): boolean {
    const [from, to] = this.nodes
    // Signs of life need both directions: one is asked for, the other answers.
    return this.#isSilent || this.#conditions.isCut(from, to) || this.#conditions.isCut(to, from)
  }

  #missLife(): void {
    const { clock, keepAliveMs } = this.#conditions
    this.#missing ??= clock.setTimer(keepAliveMs, () => this.breakDown(`no sign of life for ${keepAliveMs} ms`))
  }

  #endTogether(): void {
    if (!this.#ends.every(({ isOver }) => isOver)) return
    this.#missing?.cancel()
    for (const pipe of this.#pipes) pipe.stop()
    this.#conditions.ended(this)
  }
}
