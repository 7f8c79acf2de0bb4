import type { Backends } from './backends.ts'
import { RunnerProcess } from './runner-process.ts'

export interface RunnerCrewOptions {
  readonly env: Readonly<Record<string, string>>
  /** Gets the processes that serve requests. */
  readonly backends: Backends
  /** Whether one that ended unasked is started again. */
  readonly restarts: boolean
  readonly say: (line: string) => void
}

/** Pause before a runner that could not be started is tried again. */
const pauseMs = 1000

/** Runners a, b, c and so on: starts them, and starts them again when they end unasked. */
export class RunnerCrew implements AsyncDisposable {
  readonly #options: RunnerCrewOptions
  readonly #running = new Set<RunnerProcess>()
  /** Starts and watches, each until its runner ends for good. */
  readonly #watches: Promise<void>[] = []
  #isStopping = false

  constructor(options: RunnerCrewOptions) {
    this.#options = options
  }

  /** Resolves when all serve requests. @throws RunnerDidNotStart */
  async start(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => nameOf(index))
    const starts = names.map((name) => this.#start(name))
    this.#watches.push(Promise.allSettled(starts).then(() => undefined))
    await Promise.all(starts)
  }

  /** All hand over and end, one beside the other. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    await Promise.all([...this.#running].map((runner) => runner.stop()))
    await Promise.all(this.#watches)
  }

  /** No time for goodbyes. */
  kill(): void {
    this.#isStopping = true
    for (const runner of this.#running) runner.kill()
  }

  async #start(name: string): Promise<void> {
    const { env, backends, say } = this.#options
    const runner = await RunnerProcess.start({ name, env, say: (line) => say(`runner ${name}: ${line}`) })
    this.#running.add(runner)
    backends.add(runner)
    say(`runner ${name} is ready: ${runner.url}, pid ${runner.pid}`)
    this.#watches.push(this.#watch(runner))
    // Told to stop while it started.
    if (this.#isStopping) await runner.stop()
  }

  async #watch(runner: RunnerProcess): Promise<void> {
    const { backends, say } = this.#options
    const how = await runner.ended
    this.#running.delete(runner)
    backends.remove(runner)
    say(`runner ${runner.name} has ended: ${how}${this.#mayRestart ? '; it is started again' : ''}`)
    while (this.#mayRestart && !(await this.#startedAgain(runner.name))) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  get #mayRestart(): boolean {
    return this.#options.restarts && !this.#isStopping
  }

  async #startedAgain(name: string): Promise<boolean> {
    try {
      await this.#start(name)
      return true
    } catch (error) {
      this.#options.say(error instanceof Error ? error.message : String(error))
      return false
    }
  }
}

/** a to z, then a2 to z2 and so on. */
function nameOf(index: number): string {
  const round = Math.floor(index / 26)
  return `${String.fromCharCode(97 + (index % 26))}${round === 0 ? '' : round + 1}`
}
