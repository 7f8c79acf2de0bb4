import type {
  AnyEntity,
  ClientFactory,
  EntityClient,
  EntityImplementation,
  EntityMethods,
  InstanceId,
  RunnerAddress,
} from '@cruster/core'
import { ShuttingDown, runnerAddress } from '@cruster/core'
import type { Discovery, RunnerInfo, RunnerState } from '@cruster/core/ports'
import { PeerServer } from '../connection/peer-server.ts'
import { MessageSweep } from '../delivery/message-sweep.ts'
import { failureExit } from '../entity/recorded-outcome.ts'
import type { AnyRegistered } from '../entity/registered-entity.ts'
import { registerEntity } from '../entity/registered-entity.ts'
import { registerNative } from '../entity/registered-native.ts'
import type { Installable, RunnerHost } from '../extension/installable.ts'
import { ClusterWatch } from '../membership/cluster-watch.ts'
import { addressOf } from '../placement/shard-of.ts'
import { EntityRegistry } from '../shard/entity-registry.ts'
import { Reaper } from '../shard/reaper.ts'
import { ResidentRegistry } from '../shard/resident-registry.ts'
import { ShardTable } from '../shard/shard-table.ts'
import { Calling, placement } from './calling.ts'
import { DeadLetters } from './dead-letters.ts'
import type { RunnerHealth } from './health.ts'
import { judgeHealth } from './health.ts'
import { Member } from './member.ts'
import { Sharding } from './sharding.ts'
import type { RunnerStartOptions } from './start-options.ts'
import type { World } from './world.ts'
import { openWorld } from './world.ts'

/**
 * One member of a cluster: hosts entities on the shards that it owns, and calls entities wherever they are.
 *
 * Disposing it drains it: peers stop routing to it, what runs finishes or moves, its shards are handed over, then it
 * leaves.
 */
export class Runner implements AsyncDisposable {
  readonly #options: RunnerStartOptions
  readonly #world: World
  readonly #registry = new EntityRegistry()
  readonly #residents: ResidentRegistry
  readonly #watch: ClusterWatch
  readonly #calling: Calling
  readonly #table: ShardTable
  readonly #member: Member
  readonly #reaper: Reaper
  readonly #sweep: MessageSweep
  #server: PeerServer | undefined
  #address: RunnerAddress
  #state: RunnerState = 'joining'
  #stopping: Promise<void> | undefined
  #isStopped = false

  private constructor(options: RunnerStartOptions, world: World) {
    this.#options = options
    this.#world = world
    const { services, discovery, transport } = world
    const { clock, log, config, storage } = services
    this.#address = runnerAddress(options.address ?? '127.0.0.1:0')
    this.#watch = new ClusterWatch({ discovery, clock, log, placement: placement(config) })
    this.#residents = new ResidentRegistry(placement(config))
    this.#table = new ShardTable({
      services,
      registry: this.#registry,
      residents: this.#residents,
      clientPort: (scope) => this.#calling.port(scope),
      message: (ask) => this.#calling.message(ask),
      addressOf: (contract, id) => addressOf(contract, id, placement(config)),
      handOver: (messages) => {
        this.#calling.handOver(messages)
      },
      hint: (shard) => this.#calling.router.hint(shard),
      mayExecute: () => this.#member.mayExecute,
      isComing: (shard) => this.#member.isComing(shard),
      fenced: (fence) => {
        this.#member.fenced(fence)
      },
      isShuttingDown: () => this.#state === 'draining',
    })
    const local = { address: () => this.#address, endpoint: this.#table }
    this.#calling = new Calling({ services, storage, watch: this.#watch, transport, local })
    this.#member = this.#newMember(discovery)
    this.#reaper = new Reaper(services, this.#table)
    this.#sweep = new MessageSweep(services, this.#table)
    this.#watch.listen(() => {
      this.#member.reconcile()
      this.#calling.clusterChanged(this.#watch.view)
    })
  }

  /**
   * Starts a runner: registers, agrees on the cluster's settings, listens, joins, and takes its shards.
   *
   * @throws ConfigError when something cannot work, DiscoveryError and StorageError when those cannot be reached.
   */
  static async start(options: RunnerStartOptions): Promise<Runner> {
    const world = await openWorld(options)
    const runner = new Runner(options, world)
    try {
      for (const each of options.register ?? []) runner.#install(each, undefined)
      await runner.#join()
      return runner
    } catch (error) {
      await runner.#close()
      throw error
    }
  }

  /** Where other runners reach this one. */
  get address(): RunnerAddress {
    return this.#address
  }

  /** This life in the cluster; another one after a lost lease. */
  get instanceId(): InstanceId | undefined {
    return this.#member.instanceId
  }

  /** How many shards it owns now. */
  get ownedShards(): number {
    return this.#member.ownedCount
  }

  /** How it is at this moment: for probes, and for people who look for what is wrong. */
  health(): RunnerHealth {
    const { clock, config } = this.#world.services
    const now = clock.monotonic()
    const facts = {
      state: this.#isStopped ? ('stopped' as const) : this.#state,
      ownedShards: this.ownedShards,
      isCertain: this.#member.mayExecute,
      unsettledMs: now - (this.#member.unsettledSince ?? now),
      lastRoundMs: now - this.#sweep.endedAt,
      lastSuccessMs: now - this.#sweep.succeededAt,
      oldestDueMs: this.#table.oldestDueMs(),
    }
    return judgeHealth(facts, config)
  }

  /** Who is in the cluster, as this runner sees it: addresses, zones, weights, groups, states. */
  get members(): readonly RunnerInfo[] {
    return [...this.#watch.view.runners.values()]
  }

  /** Lower-level access to routing, for adapters and tools. */
  get sharding(): Sharding {
    return new Sharding({
      calling: this.#calling,
      registry: this.#registry,
      table: this.#table,
      owns: (shard) => this.#member.owns(shard),
      sweep: () => this.#sweep.sweep(),
      shutdown: () => this[Symbol.asyncDispose](),
      isShutdown: () => this.#stopping !== undefined,
    })
  }

  /** Messages that were given up. */
  get deadLetters(): DeadLetters {
    return new DeadLetters(this.#world.services.storage, (messages) => {
      this.#calling.handOver(messages)
    })
  }

  /** Reaches what a contract describes, wherever it lives: entities of its type, or whatever its own client is for. */
  get client(): ClientFactory {
    if (this.#stopping !== undefined) throw new ShuttingDown()
    return this.#calling.clients
  }

  /**
   * Registers an implementation on a running runner, and returns the client of what it implements. Better register before
   * the start: until then the runner may own shards whose entities it cannot run.
   */
  register<C extends AnyEntity>(implementation: EntityImplementation<C>): EntityClient<EntityMethods<C>>
  register<C extends AnyEntity, Deps>(
    implementation: EntityImplementation<C, Deps>,
    deps: Deps,
  ): EntityClient<EntityMethods<C>>
  register<Client>(installable: Installable<Client>): Client
  register(given: EntityImplementation<AnyEntity, never> | Installable, deps?: unknown): unknown {
    const { client } = this
    const installed = this.#install(given, deps)
    for (const shard of this.#table.shards.values()) void shard.inbox.sweep()
    this.#member.update().catch((error: unknown) => {
      this.#world.services.log.log('warn', 'The cluster could not be told of a new entity type.', { error })
    })
    return isInstallable(given) ? installed : client(given.contract)
  }

  /** Drains and leaves. Calls after the first wait for the same end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping ??= this.#drain()
    await this.#stopping
  }

  /** Ends at once as a crash would: nothing is handed over, nobody is told. For tests of that. */
  async kill(): Promise<void> {
    this.#stopping ??= this.#crash()
    await this.#stopping
  }

  #newMember(discovery: Discovery): Member {
    return new Member({
      services: this.#world.services,
      storage: this.#world.services.storage,
      discovery,
      watch: this.#watch,
      host: this.#table,
      info: (id) => this.#info(id),
      joined: ({ machineId }) => {
        this.#calling.ids.use(machineId)
      },
      left: () => {
        this.#calling.ids.revoke()
      },
    })
  }

  #info(id: InstanceId): RunnerInfo {
    const { weight = 1, zone, groups } = this.#options
    return {
      instanceId: id,
      address: this.#address,
      weight,
      zone,
      groups: groups ?? [...new Set(['default', ...this.#registry.groups, ...this.#residents.groups])],
      entityTypes: this.#registry.types,
      state: this.#state,
    }
  }

  #install(given: EntityImplementation<AnyEntity, never> | Installable, deps: unknown): unknown {
    if (isInstallable(given)) return given.install(this.#host())
    const engine = Object.values(given.contract.methods).find((method) => method.engine !== undefined)?.engine
    const adopted = engine?.adopt(this.#host(), given) ?? given
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked where the caller passed them
    this.#add(registerEntity(adopted, deps as never, this.#world.services.config))
    return undefined
  }

  #add(entity: AnyRegistered): void {
    this.#registry.add(entity)
    this.#reaper.watch(entity.maxIdleMs)
  }

  /** This runner, as what is installed in it sees it. */
  #host(): RunnerHost {
    const { services } = this.#world
    return {
      ...this.#calling.host,
      services,
      placement: this.#calling.placement,
      address: () => this.#address,
      register: (entity) => {
        if ('create' in entity) this.#add(registerNative(entity, services.config))
        else this.#install(entity, undefined)
      },
      reside: (resident) => {
        this.#table.reside(this.#residents.add(resident), resident)
      },
    }
  }

  async #join(): Promise<void> {
    await this.#listen()
    this.#state = 'active'
    await this.#member.join()
    await this.#member.settled()
  }

  async #listen(): Promise<void> {
    const { transport, services } = this.#world
    if (transport === undefined) return
    this.#server = await PeerServer.start({
      ...services,
      transport,
      address: this.#address,
      endpoint: this.#table,
      instanceId: this.#calling.instanceId,
      encodeFailure: failureExit,
    })
    this.#address = this.#server.address
  }

  async #drain(): Promise<void> {
    this.#state = 'draining'
    await this.#member.update().catch((error: unknown) => {
      this.#world.services.log.log('warn', 'Peers could not be told of the shutdown; they will find out.', { error })
    })
    await this.#member.leave()
    await this.#close()
  }

  async #crash(): Promise<void> {
    this.#member.kill()
    await this.#close()
  }

  async #close(): Promise<void> {
    this.#reaper[Symbol.dispose]()
    await this.#sweep[Symbol.asyncDispose]()
    await this.#calling[Symbol.asyncDispose]()
    await this.#server?.[Symbol.asyncDispose]()
    await this.#watch[Symbol.asyncDispose]()
    await this.#world.close()
    this.#isStopped = true
  }
}

function isInstallable(given: EntityImplementation<AnyEntity, never> | Installable): given is Installable {
  return 'install' in given
}
