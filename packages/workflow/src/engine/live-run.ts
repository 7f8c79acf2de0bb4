import { decode } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import type { BodyScope } from '../context/body-scope.ts'
import type { Operation } from '../replay/operation.ts'
import type { Delivery } from '../replay/replay.ts'
import type { Task } from '../context/task.ts'
import type { Attempt, AttemptHost } from './attempt.ts'
import type { BodyEnd } from './body.ts'
import { runBody } from './body.ts'

/** Where a run stands: nothing is left to be delivered; or the body has its turn first, see {@link LiveRun.giveTurn}. */
export type Standing = Extract<Delivery, 'none' | 'paused' | 'mismatch'> | 'awake'

/** One run of a body in memory: its replay, and its attempts under way. */
export class LiveRun {
  readonly scope: BodyScope
  /** Attempts under way, by step. */
  readonly attempts = new Map<number, Attempt>()
  /** What all of its attempts belong to. Made with the first. */
  host: AttemptHost | undefined
  readonly #clock: Clock
  #end: BodyEnd | undefined
  /** The body may have something to do. */
  #isAwake = true
  /** The body has its turn. */
  #isRunning = true

  /** `changed` is called when the body ends. */
  constructor(scope: BodyScope, changed: () => void) {
    this.scope = scope
    this.#clock = scope.clock
    void this.#run(changed)
  }

  get replay(): BodyScope['replay'] {
    return this.scope.replay
  }

  /** How the body ended. */
  get end(): BodyEnd | undefined {
    return this.#end
  }

  /** The body cannot go on by itself, and nothing that it asked for will bring it on. */
  get waitsForNothing(): boolean {
    return this.#end === undefined && this.scope.continueWith === undefined && !this.replay.hasOpen
  }

  /** Operations that are to begin, in the order in which they were asked for. */
  get ready(): readonly Operation<Task>[] {
    const ready: Operation<Task>[] = []
    for (const operation of this.replay.open)
      if (operation.isReady && !this.attempts.has(operation.step)) ready.push(operation)
    return ready
  }

  /** The body has done something. True when it was thought to be quiet. */
  woken(): boolean {
    if (this.#isRunning) return false
    this.#isAwake = true
    return true
  }

  /** Delivers what is recorded, until there is no more or the body has something to do. */
  advance(): Standing {
    for (;;) {
      if (this.#isAwake) return 'awake'
      const delivery = this.replay.deliver()
      if (delivery === 'woke') this.#isAwake = true
      else if (delivery !== 'passed') return delivery
    }
  }

  /** Lets the body run and delivers what is recorded, in turns, until there is no more. */
  async advanceToEnd(): Promise<Exclude<Standing, 'awake'>> {
    for (;;) {
      const standing = this.advance()
      if (standing !== 'awake') return standing
      await new Promise<void>((resolve) => {
        this.giveTurn(resolve)
      })
    }
  }

  /** Ends the attempts under way; what they still do has no effect. */
  abort(reason: Error): void {
    for (const attempt of this.attempts.values()) attempt.abort(reason)
    this.attempts.clear()
  }

  async #run(changed: () => void): Promise<void> {
    // Not before the one who made this run has it in hand.
    await Promise.resolve()
    this.#end = await runBody(this.scope, decode(this.replay.started.input))
    changed()
  }

  /** Gives the body its turn, then calls back. One that waits only for what is recorded is quiet when all microtasks have run. */
  giveTurn(quiet: () => void): void {
    this.#isRunning = true
    this.#isAwake = false
    this.#clock.defer(() => {
      this.#isRunning = false
      quiet()
    })
  }
}
