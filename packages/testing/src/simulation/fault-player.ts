import type { Recorder } from '../history/recorder.ts'
import type { TestRunner } from '../cluster/test-runner.ts'
import type { Fault } from './fault.ts'
import { describeFault } from './fault.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'

/** Pause between two attempts to start a runner. */
const startPauseMs = 250

/** Plays a plan of faults on a cluster, each at its time, and undoes it at its end. */
export class FaultPlayer {
  readonly #cluster: SimulatedCluster
  readonly #recorder: Recorder
  readonly #under: Promise<void>[] = []
  #isOver = false

  constructor(cluster: SimulatedCluster, recorder: Recorder) {
    this.#cluster = cluster
    this.#recorder = recorder
  }

  /** Resolves when the last fault is over, and every runner that is to run does. */
  async play(plan: readonly Fault[]): Promise<void> {
    await Promise.all(plan.map((fault) => this.#playAt(fault)))
  }

  /** Whether every step is over, also of processes that come back. */
  async finished(): Promise<void> {
    this.#isOver = true
    for (let step = this.#under.pop(); step !== undefined; step = this.#under.pop()) await step
  }

  get isOver(): boolean {
    return this.#isOver
  }

  async #playAt(fault: Fault): Promise<void> {
    await this.#sleep(fault.atMs)
    const undo = this.#begin(fault)
    if (undo === undefined) return
    this.#cluster.world.trace.add(describeFault(fault))
    await this.#sleep(fault.forMs)
    await undo()
  }

  /** Does it, and returns what undoes it. Undefined when it cannot be done now. */
  #begin(fault: Fault): (() => Promise<void> | void) | undefined {
    switch (fault.kind) {
      case 'join':
        return () => this.#start(this.#cluster.add())
      case 'partition':
      case 'oneWay':
        return this.#cut(fault)
      case 'registryOutage':
        return this.#outage(fault.runner, (isOn) => this.#cluster.cutOffRegistry(fault.runner, isOn))
      case 'storageOutage':
        return this.#outage(fault.runner, (isOn) =>
          this.#cluster.failStorage(fault.runner, isOn ? 'refused' : undefined),
        )
      case 'unanswered':
        return this.#outage(fault.runner, (isOn) =>
          this.#cluster.failStorage(fault.runner, isOn ? 'unanswered' : undefined),
        )
      case 'breakLines':
        this.#cluster.world.network.breakLines(fault.runner)
        return () => {}
      case 'clockJump':
        this.#cluster.world.weather.jump(fault.runner, fault.byMs)
        return () => {}
      default:
        return this.#beginOnProcess(fault)
    }
  }

  #beginOnProcess(fault: Fault & { readonly kind: 'crash' | 'vanish' | 'restart' | 'stop' | 'pause' }) {
    const runner = this.#cluster.runner(fault.runner)
    if (runner?.isRunning !== true) return undefined
    switch (fault.kind) {
      case 'pause':
        runner.pause()
        this.#recorder.callerPaused(runner.name)
        return () => this.#resume(runner)
      case 'crash':
      case 'vanish':
        return this.#crash(runner, fault.kind)
      case 'restart':
      case 'stop':
        return this.#drain(runner, fault.kind)
    }
  }

  #crash(runner: TestRunner, kind: 'crash' | 'vanish'): () => Promise<void> {
    if (kind === 'vanish') this.#cluster.world.network.vanish(runner.name)
    const gone = this.#follow(runner.crash())
    this.#recorder.callerDied(runner.name)
    return async () => {
      await gone
      await this.#start(runner)
    }
  }

  #drain(runner: TestRunner, kind: 'restart' | 'stop'): () => Promise<void> {
    // The last one stays: a cluster of nobody would keep all callers waiting.
    if (kind === 'stop' && this.#cluster.running.length < 2) return async () => {}
    const gone = this.#follow(runner.stop())
    return async () => {
      await gone
      this.#cluster.world.trace.add(`${runner.name} has left`)
      if (kind === 'restart') await this.#start(runner)
    }
  }

  #resume(runner: TestRunner): void {
    if (runner.phase !== 'paused') return
    runner.resume()
    this.#recorder.callerResumed(runner.name)
    this.#cluster.world.trace.add(`${runner.name} goes on`)
  }

  #cut({ kind, from, to }: Fault & { readonly kind: 'partition' | 'oneWay' }): () => void {
    const { network, partitions, trace } = this.#cluster.world
    if (kind === 'partition') partitions.separate(from, to)
    else network.cut(from, to)
    return () => {
      if (kind === 'partition') partitions.heal(from, to)
      else network.heal(from, to)
      trace.add(`frames pass between ${from} and ${to} again`)
    }
  }

  #outage(place: string, set: (isOn: boolean) => void): () => void {
    set(true)
    return () => {
      set(false)
      this.#cluster.world.trace.add(`the outage of ${place} is over`)
    }
  }

  /** Starts a runner, again and again until it works. */
  async #start(runner: TestRunner): Promise<void> {
    const { trace } = this.#cluster.world
    while (!this.#cluster.isForgotten(runner)) await this.#sleep(startPauseMs)
    for (;;) {
      try {
        await runner.start()
        return trace.add(`${runner.name} has started`)
      } catch {
        // The registry or storage cannot be reached now.
        await this.#sleep(startPauseMs)
      }
    }
  }

  #follow(step: Promise<void>): Promise<void> {
    this.#under.push(step)
    return step
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#cluster.world.clock.setTimer(ms, resolve))
  }
}
