import type { AnyEntity, Connectable, EntityClient, EntityMethods } from '@cruster/core'
import { newestHashVersion } from '@cruster/core'
import { MemoryDiscovery, MemoryTransport, SeededRandom } from '@cruster/core/memory'
import { ClusterClient, assign } from '@cruster/sharding'
import { TestRunner } from '../cluster/test-runner.ts'
import type { ProcessPorts } from '../cluster/test-world.ts'
import type { SimulatedWorld } from './simulated-world.ts'

/** The runners and the client of a simulation. Nothing here moves time. */
export class SimulatedCluster {
  readonly world: SimulatedWorld
  readonly #runners: TestRunner[] = []
  readonly #clientDiscovery: MemoryDiscovery
  #client: ClusterClient | undefined

  constructor(world: SimulatedWorld) {
    this.world = world
    this.#clientDiscovery = new MemoryDiscovery(world.registry)
    world.partitions.add('client')
  }

  /** All runners that were ever added. */
  get runners(): readonly TestRunner[] {
    return this.#runners
  }

  get running(): readonly TestRunner[] {
    return this.#runners.filter(({ isRunning }) => isRunning)
  }

  runner(name: string): TestRunner | undefined {
    return this.#runners.find((runner) => runner.name === name)
  }

  /** Adds a runner; it has to be started. */
  add(): TestRunner {
    const runner = new TestRunner(this.world, `runner-${this.#runners.length + 1}`, {})
    this.#runners.push(runner)
    return runner
  }

  async connect(): Promise<void> {
    const { world } = this
    const { clock, registry, network, logger } = world
    const inside: Omit<ProcessPorts, 'storage'> = {
      clock,
      discovery: this.#clientDiscovery,
      transport: new MemoryTransport(network, 'client'),
    }
    const ports = world.surround.ports('client', { ...inside, storage: world.storage })
    this.#client = await ClusterClient.connect({
      discovery: async () => ports.discovery,
      transport: async () => ports.transport,
      clock: ports.clock,
      config: world.config,
      logger: logger.with({ runner: 'client' }),
      random: new SeededRandom(world.nextSeed()),
    })
    void registry
  }

  /** A client of the process of its own, or of a runner. Undefined when that does not run. */
  client<C extends AnyEntity>(contract: C, from: string): EntityClient<EntityMethods<C>> | undefined {
    if (from === 'client') return this.#client?.client(contract)
    const runner = this.runner(from)
    return runner?.isRunning === true ? runner.runner.client(contract) : undefined
  }

  /** As {@link client}, of a contract that makes its own client. */
  connected<Client>(contract: Connectable<Client>, from: string): Client | undefined {
    if (from === 'client') return this.#client?.client(contract)
    const runner = this.runner(from)
    return runner?.isRunning === true ? runner.runner.client(contract) : undefined
  }

  /** Cuts one place, or all, off from the registry, or ends that. */
  cutOffRegistry(place: string, isCutOff: boolean): void {
    for (const runner of this.#matching(place)) if (runner.wasStarted) runner.cutOff(isCutOff)
    if (place !== 'client' && place !== 'all') return
    if (isCutOff) this.#clientDiscovery.partition()
    else this.#clientDiscovery.heal()
  }

  failStorage(place: string, fault: 'refused' | 'unanswered' | undefined): void {
    for (const runner of this.#matching(place)) if (runner.wasStarted) runner.failStorage(fault)
  }

  /** Whether the registry has forgotten the process that was at the address of a runner. */
  isForgotten(runner: TestRunner): boolean {
    const address = `${runner.name}:9000`
    return !this.world.registry.snapshot().runners.some((info) => info.address === address)
  }

  /** Whether every shard is owned by the runner that it belongs to. */
  isBalanced(): boolean {
    const { runners } = this.world.registry.snapshot()
    const { shardsPerGroup = 300 } = this.world.config
    const assignment = assign(runners, { hashVersion: newestHashVersion, shardsPerGroup })
    const byInstance = new Map(this.running.map(({ runner }) => [runner.instanceId, runner]))
    return (
      assignment.size > 0 &&
      [...assignment].every(([shard, owner]) => byInstance.get(owner)?.sharding.hasShardId(shard) === true)
    )
  }

  /** Entities in the memory of running runners. */
  get residentEntities(): number {
    return this.running.reduce((sum, { runner }) => sum + runner.sharding.activeEntityCount, 0)
  }

  /** Stops everybody as they should be stopped. */
  async stop(): Promise<void> {
    await Promise.all([this.#client?.[Symbol.asyncDispose](), ...this.running.map((runner) => runner.stop())])
    await this.#clientDiscovery[Symbol.asyncDispose]()
  }

  #matching(place: string): readonly TestRunner[] {
    return this.#runners.filter(({ name }) => place === 'all' || name === place)
  }
}
