import { parseDuration } from '@cruster/core'
import type { LoggedLine } from '@cruster/core/memory'
import type { History } from '../history/history.ts'
import { Recorder } from '../history/recorder.ts'
import { entityOf } from '../history/operation.ts'
import { allFaults, drawFaults } from './draw-faults.ts'
import type { Fault } from './fault.ts'
import { FaultPlayer } from './fault-player.ts'
import { shrink } from './shrink.ts'
import { SimulatedCluster } from './simulated-cluster.ts'
import type { SimulatedWorld } from './simulated-world.ts'
import { openSimulatedWorld } from './simulated-world.ts'
import { Simulation } from './simulation.ts'
import { SimulationFailed } from './simulation-failed.ts'
import type { SimulateOptions } from './simulation-options.ts'
import type { SimulationTrace } from './simulation-trace.ts'
import { TimeMachine } from './time-machine.ts'
import type { Violation } from './violation.ts'

/** How a simulation went. */
export interface SimulationResult {
  readonly seed: number
  readonly history: History
  readonly plan: readonly Fault[]
  readonly violations: readonly Violation[]
  readonly trace: SimulationTrace
  /** What runners and the client have logged, oldest first. */
  readonly log: readonly LoggedLine[]
  /** Virtual time that passed, in milliseconds. */
  readonly lastedMs: number
}

/**
 * Runs a whole cluster in this process from a seed: its time, its network, its storage and its processes misbehave as a real
 * cluster's do, and what callers and storage see of it is checked. The same seed gives the same run.
 *
 * @throws SimulationFailed when a promise was broken.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationResult> {
  const result = await trySimulation(options)
  if (result.violations.length === 0) return result
  const smaller = options.shrink === true ? await shrinkFaults(options, result) : result
  const replay = options.replay?.(options.seed) ?? `simulate({ seed: ${options.seed}, … })`
  throw new SimulationFailed({ ...smaller, replay })
}

/** Like {@link simulate}, but a broken promise is a result. */
export async function trySimulation(options: SimulateOptions): Promise<SimulationResult> {
  const run = new SimulationRun(options, await openSimulatedWorld(options))
  return run.complete()
}

async function shrinkFaults(options: SimulateOptions, failed: SimulationResult): Promise<SimulationResult> {
  const attempt = (faults: readonly Fault[]): Promise<SimulationResult> => trySimulation({ ...options, faults })
  const plan = await shrink(failed.plan, async (faults) => (await attempt(faults)).violations.length > 0)
  return attempt(plan)
}

/** How long things may take in virtual time before they count as stuck. */
const startMs = 60_000
const workMs = 600_000
const calmMs = 20_000
const stopMs = 30_000

class SimulationRun {
  readonly #options: SimulateOptions
  readonly #world: SimulatedWorld
  readonly #time: TimeMachine
  readonly #cluster: SimulatedCluster
  readonly #recorder: Recorder
  readonly #simulation: Simulation
  readonly #plan: readonly Fault[]

  constructor(options: SimulateOptions, world: SimulatedWorld) {
    this.#options = options
    this.#world = world
    this.#time = new TimeMachine(world.clock)
    this.#cluster = new SimulatedCluster(world)
    this.#recorder = new Recorder(world.trace)
    this.#plan = this.#drawPlan()
    this.#simulation = new Simulation(this.#cluster, this.#recorder, this.#plan)
  }

  async complete(): Promise<SimulationResult> {
    await this.#phase('the start of the cluster', this.#start(), startMs)
    this.#world.trace.begin()
    await this.#work()
    await this.#calm()
    if (this.#options.afterwards !== undefined) {
      await this.#phase('the work afterwards', this.#options.afterwards(this.#simulation), calmMs)
    }
    await this.#check()
    await this.#end()
    const { trace, audit, logger } = this.#world
    const violations = [...audit.violations, ...this.#simulation.violations]
    const { seed } = this.#options
    const { history } = this.#simulation
    return { seed, history, plan: this.#plan, violations, trace, log: logger.lines, lastedMs: trace.nowMs }
  }

  async #start(): Promise<void> {
    const { runners = 3 } = this.#options
    const each = Array.from({ length: runners }, () => this.#cluster.add())
    await Promise.all([this.#cluster.connect(), ...each.map((runner) => runner.start())])
  }

  async #work(): Promise<void> {
    const player = new FaultPlayer(this.#cluster, this.#recorder)
    const isFaulty = this.#options.faults !== 'none'
    this.#world.weather.isRough = isFaulty
    const faults = player.play(this.#plan)
    await this.#phase('the work', this.#options.run(this.#simulation), workMs)
    await this.#phase('the end of all faults', faults, workMs)
    this.#world.weather.isRough = false
    await this.#phase('the end of processes that were stopped', player.finished(), stopMs)
  }

  /** Nothing is faulty any more: soon everything that was left has to be done. */
  async #calm(): Promise<void> {
    this.#simulation.note('all faults are over')
    const { storage } = this.#world
    const left = (): ReturnType<typeof storage.messages.list> => storage.messages.list({ status: 'pending', limit: 10 })
    const isCalm = async (): Promise<boolean> => this.#cluster.isBalanced() && (await left()).length === 0
    // What storage has, its owner hears of a moment later.
    if (await this.#time.until(isCalm, calmMs)) return this.#time.pass(hearsayMs)
    const [stuck] = await left()
    const about =
      stuck === undefined ? undefined : entityOf({ type: stuck.message.address.type, id: stuck.message.address.id })
    const message =
      stuck === undefined
        ? `after ${calmMs} ms without faults, shards are not with the runners that they belong to`
        : `after ${calmMs} ms without faults, ${stuck.message.method} of ${about} is still pending: message ${stuck.message.id}`
    this.#simulation.report({ check: 'no due item waits for long', message, about })
  }

  async #check(): Promise<void> {
    await this.#phase('the check', this.#judge(), calmMs)
    for (const operation of this.#recorder.operations) {
      const { deadline, endedAt, index, method, caller } = operation
      if (deadline === undefined || (endedAt !== undefined && endedAt <= deadline + graceMs)) continue
      const when = endedAt === undefined ? 'not at all' : `${Math.round(endedAt - deadline)} ms late`
      const message = `#${index} ${method} of ${caller} returned ${when}`
      this.#simulation.report({ check: 'every call returns by its deadline', message, about: entityOf(operation) })
    }
  }

  async #judge(): Promise<void> {
    const found = await this.#options.check?.(this.#simulation.history, this.#simulation)
    for (const violation of found ?? []) this.#simulation.report(violation)
  }

  /** Everybody leaves, and nothing may be left behind. */
  async #end(): Promise<void> {
    await this.#phase('the end of the cluster', this.#cluster.stop(), stopMs)
    await this.#time.pass(this.#world.leaseTtlMs + lastTimersMs)
    const { clock, network, registry, storage } = this.#world
    await storage[Symbol.asyncDispose]()
    const { runners, locks } = registry.snapshot()
    const left = {
      timers: clock.pendingTimers().length,
      lines: network.openLines,
      leases: runners.length,
      locks: locks.length,
    }
    for (const [what, count] of Object.entries(left)) {
      if (count === 0) continue
      this.#simulation.report({
        check: 'nothing is left over',
        message: `${count} ${what} are left after everybody left`,
      })
    }
  }

  /** Something that has to end, and well. */
  async #phase(what: string, work: Promise<unknown>, withinMs: number): Promise<void> {
    if (!(await this.#time.ends(work, withinMs))) {
      work.catch(() => {})
      return this.#simulation.report({
        check: 'everything comes to an end',
        message: `${what} did not end within ${withinMs} ms`,
      })
    }
    try {
      await work
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      this.#simulation.report({ check: what, message })
    }
  }

  #drawPlan(): readonly Fault[] {
    const { faults = 'all', runners = 3, duration = '20s' } = this.#options
    if (isPlan(faults)) return faults
    const rates = faults === 'all' ? allFaults : faults === 'none' ? {} : faults
    const names = Array.from({ length: runners }, (_, index) => `runner-${index + 1}`)
    const withinMs = parseDuration(duration, 'duration')
    const [first = 'runner-1', ...others] = names
    const scope = { runners: [first, ...others] as const, withinMs, leaseTtlMs: this.#world.leaseTtlMs, rates }
    return drawFaults(this.#world.dice.named('faults'), scope)
  }
}

/** Longer than any answer takes. */
const hearsayMs = 3000
/** Deadlines are met by timers, which other timers of the same moment may come before. */
const graceMs = 1
/** Timers that fire once and are gone may be left for this long. */
const lastTimersMs = 3_000

/** `Array.isArray` does not know lists that cannot be changed. */
function isPlan(faults: SimulateOptions['faults']): faults is readonly Fault[] {
  return Array.isArray(faults)
}
