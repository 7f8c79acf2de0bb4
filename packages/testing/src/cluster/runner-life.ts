import { MemoryDiscovery, MemoryMetrics, MemoryTransport, SeededRandom } from '@cruster/core/memory'
import { Runner } from '@cruster/sharding'
import { GatedStorage } from './gated-storage.ts'
import { PausableClock } from './pausable-clock.ts'
import { StorageGate } from './storage-gate.ts'
import type { TestRunnerOptions } from './test-cluster-options.ts'
import type { ProcessPorts, TestWorld } from './test-world.ts'

/** One process of a runner, from its start to its end, with everything between it and the world in the test's hands. */
export class RunnerLife {
  readonly runner: Promise<Runner>
  readonly metrics = new MemoryMetrics()
  readonly gate = new StorageGate()
  readonly #name: string
  readonly #world: TestWorld
  readonly #clock: PausableClock
  readonly #storage: GatedStorage
  readonly #discovery: MemoryDiscovery
  #isPaused = false
  #isCutOff = false

  constructor(world: TestWorld, name: string, options: TestRunnerOptions) {
    this.#name = name
    this.#world = world
    this.#clock = new PausableClock(world.clock)
    const { surround } = world
    this.#storage = new GatedStorage(surround?.storage(name, world.storage) ?? world.storage, this.gate)
    this.#discovery = new MemoryDiscovery(world.registry, { clock: this.#clock })
    const inside: ProcessPorts = {
      clock: this.#clock,
      storage: this.#storage,
      discovery: this.#discovery,
      transport: new MemoryTransport(world.network, name),
    }
    const { clock, storage, discovery, transport } = surround?.ports(name, inside) ?? inside
    const { register = world.register, config, ...placement } = options
    this.runner = Runner.start({
      ...placement,
      register,
      config: { ...world.config, ...config },
      address: `${name}:9000`,
      storage: async () => storage,
      discovery: async () => discovery,
      transport: async () => transport,
      clock,
      random: new SeededRandom(world.nextSeed()),
      logger: world.logger.with({ runner: name }),
      metrics: this.metrics,
    })
  }

  /** The process stops where it is, as by SIGSTOP. */
  pause(): void {
    this.#isPaused = true
    this.#clock.pause()
    this.gate.pause()
    this.#world.partitions.isolate(this.#name)
    this.#reachRegistry()
  }

  /** It goes on, and finds that time has passed. */
  resume(): void {
    this.#isPaused = false
    this.#clock.resume()
    this.gate.resume()
    this.#world.partitions.rejoin(this.#name)
    this.#reachRegistry()
  }

  /** Whether it can reach the registry of the cluster, where its lease is. */
  cutOff(isCutOff: boolean): void {
    this.#isCutOff = isCutOff
    this.#reachRegistry()
  }

  /** Ends as a killed process does: its lines break, its transactions roll back, its lease runs out by itself. */
  async crash(): Promise<void> {
    this.#discovery.partition()
    this.#world.network.crash(this.#name)
    this.#world.partitions.rejoin(this.#name)
    const disconnected = this.#storage.disconnect()
    this.#clock.resume()
    const runner = await this.runner
    await runner.kill()
    await disconnected
    this.#clock.stop()
  }

  /** Ends as it should: drains, hands over, leaves. */
  async stop(): Promise<void> {
    const runner = await this.runner
    await runner[Symbol.asyncDispose]()
  }

  #reachRegistry(): void {
    if (this.#isPaused || this.#isCutOff) this.#discovery.partition()
    else this.#discovery.heal()
  }
}
