import type {
  AnyEntity,
  EntityClient,
  EntityImplementation,
  EntityMethods,
  InstanceId,
  RunnerAddress,
} from '@cruster/core'
import { ConfigError, ShuttingDown, runnerAddress } from '@cruster/core'
import type { Discovery, RunnerInfo, RunnerState } from '@cruster/core/ports'
import { createEntityClient } from '../client/entity-client.ts'
import { PeerServer } from '../connection/peer-server.ts'
import { MessageSweep } from '../delivery/message-sweep.ts'
import { failureExit } from '../entity/recorded-outcome.ts'
import { registerEntity } from '../entity/registered-entity.ts'
import { ClusterWatch } from '../membership/cluster-watch.ts'
import { EntityRegistry } from '../shard/entity-registry.ts'
import { Reaper } from '../shard/reaper.ts'
import { ShardTable } from '../shard/shard-table.ts'
import { Calling, placement } from './calling.ts'
import { DeadLetters } from './dead-letters.ts'
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

  private constructor(options: RunnerStartOptions, world: World) {
    this.#options = options
    this.#world = world
    const { services, discovery, transport } = world
    const { clock, log, config, storage } = services
    this.#address = runnerAddress(options.address ?? '127.0.0.1:0')
    this.#watch = new ClusterWatch({ discovery, clock, log, placement: placement(config) })
    this.#table = new ShardTable({
      services,
      registry: this.#registry,
      clientPort: (scope) => this.#calling.port(scope),
      handOver: (messages) => {
        this.#calling.handOver(messages)
      },
      hint: (shard) => this.#calling.router.hint(shard),
      mayExecute: () => this.#member.mayExecute,
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
      for (const implementation of options.register ?? []) runner.#add(implementation, undefined)
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

  /** Reaches the entities of a contract's type, wherever they live. */
  client<C extends AnyEntity>(contract: C): EntityClient<EntityMethods<C>> {
    if (this.#stopping !== undefined) throw new ShuttingDown()
    if (contract?.kind !== 'entity') throw new ConfigError('client() takes a contract made by defineEntity.')
    return createEntityClient(contract, this.#calling.port({ origin: 'client', chain: [] }), ['public'])
  }

  /**
   * Registers an implementation on a running runner. Better register before the start: until then the runner may own
   * shards whose entities it cannot run.
   */
  register<C extends AnyEntity>(implementation: EntityImplementation<C>): EntityClient<EntityMethods<C>>
  register<C extends AnyEntity, Deps>(
    implementation: EntityImplementation<C, Deps>,
    deps: Deps,
  ): EntityClient<EntityMethods<C>>
  register<C extends AnyEntity, Deps>(
    implementation: EntityImplementation<C, Deps>,
    deps?: Deps,
  ): EntityClient<EntityMethods<C>> {
    this.#add(implementation, deps)
    for (const shard of this.#table.shards.values()) void shard.inbox.sweep()
    this.#member.update().catch((error: unknown) => {
      this.#world.services.log.log('warn', 'The cluster could not be told of a new entity type.', { error })
    })
    return this.client(implementation.contract)
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
      groups: groups ?? [...new Set(['default', ...this.#registry.groups])],
      entityTypes: this.#registry.types,
      state: this.#state,
    }
  }

  #add(implementation: EntityImplementation<AnyEntity, never>, deps: unknown): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked where the caller passed them
    const entity = registerEntity(implementation, deps as never, this.#world.services.config)
    this.#registry.add(entity)
    this.#reaper.watch(entity.maxIdleMs)
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
  }
}
