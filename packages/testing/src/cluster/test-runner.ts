import type { MemoryMetrics } from '@cruster/core/memory'
import type { Runner } from '@cruster/sharding'
import { ConfigError } from '@cruster/core'
import { RunnerLife } from './runner-life.ts'
import type { StorageFault } from './storage-gate.ts'
import type { TestRunnerOptions } from './test-cluster-options.ts'
import type { TestWorld } from './test-world.ts'

/** `stopped` → `running` ⇄ `paused`; from either to `crashed` or `stopped`, and by a restart to `running` again. */
export type TestRunnerPhase = 'running' | 'paused' | 'crashed' | 'stopped'

/** One runner of a test cluster, over all its restarts. The cluster does things to it; see there. */
export class TestRunner {
  readonly name: string
  readonly #world: TestWorld
  readonly #options: TestRunnerOptions
  #phase: TestRunnerPhase = 'stopped'
  #life: RunnerLife | undefined
  #runner: Runner | undefined

  /** @internal */
  constructor(world: TestWorld, name: string, options: TestRunnerOptions) {
    this.name = name
    this.#world = world
    this.#options = options
    world.partitions.add(name)
  }

  get phase(): TestRunnerPhase {
    return this.#phase
  }

  get wasStarted(): boolean {
    return this.#runner !== undefined
  }

  get isRunning(): boolean {
    return this.#phase === 'running'
  }

  /** The runner itself, of the latest start. */
  get runner(): Runner {
    if (this.#runner === undefined) throw new ConfigError(`${this.name} was never started.`)
    return this.#runner
  }

  /** Measurements since the latest start. */
  get metrics(): MemoryMetrics {
    return this.#alive.metrics
  }

  /** @internal */
  async start(): Promise<void> {
    this.#life = new RunnerLife(this.#world, this.name, this.#options)
    this.#runner = await this.#life.runner
    this.#phase = 'running'
  }

  /** @internal */
  pause(): void {
    this.#expect('running')
    this.#alive.pause()
    this.#phase = 'paused'
  }

  /** @internal */
  resume(): void {
    this.#expect('paused')
    this.#alive.resume()
    this.#phase = 'running'
  }

  /** @internal */
  cutOff(isCutOff: boolean): void {
    this.#alive.cutOff(isCutOff)
  }

  /** @internal */
  failStorage(fault: StorageFault | undefined): void {
    this.#alive.gate.fail(fault)
  }

  /** @internal */
  async crash(): Promise<void> {
    this.#expect('running', 'paused')
    this.#phase = 'crashed'
    await this.#alive.crash()
  }

  /** @internal */
  async stop(): Promise<void> {
    this.#expect('running')
    this.#phase = 'stopped'
    await this.#alive.stop()
  }

  get #alive(): RunnerLife {
    if (this.#life === undefined) throw new ConfigError(`${this.name} was never started.`)
    return this.#life
  }

  #expect(...phases: readonly TestRunnerPhase[]): void {
    if (phases.includes(this.#phase)) return
    throw new ConfigError(`${this.name} is ${this.#phase}; for this it must be ${phases.join(' or ')}.`)
  }
}
