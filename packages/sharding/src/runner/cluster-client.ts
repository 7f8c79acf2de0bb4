import type { ClientFactory } from '@cruster/core'
import { ShuttingDown, runnerAddress } from '@cruster/core'
import { ClusterWatch } from '../membership/cluster-watch.ts'
import { Calling, placement } from './calling.ts'
import { Member } from './member.ts'
import { nowhere } from './nowhere.ts'
import type { SurroundingsOptions } from './start-options.ts'
import type { Surroundings } from './world.ts'
import { openSurroundings } from './world.ts'

/** A process that calls entities and hosts none. It needs no storage: owners store what has to be stored. */
export class ClusterClient implements AsyncDisposable {
  readonly #surroundings: Surroundings
  readonly #watch: ClusterWatch
  readonly #calling: Calling
  readonly #member: Member
  #isDisposed = false

  private constructor(surroundings: Surroundings) {
    const { services, discovery, transport } = surroundings
    const { clock, log, config } = services
    this.#surroundings = surroundings
    this.#watch = new ClusterWatch({ discovery, clock, log, placement: placement(config) })
    this.#calling = new Calling({ services, storage: undefined, watch: this.#watch, transport, local: undefined })
    this.#member = new Member({
      services,
      storage: undefined,
      discovery,
      watch: this.#watch,
      host: nowhere,
      // A member that hosts no group takes no shard; it joins for a machine id of its own.
      info: (id) => ({
        instanceId: id,
        address: runnerAddress(`client:${id}`),
        weight: 0,
        groups: [],
        entityTypes: [],
        state: 'active',
      }),
      joined: ({ machineId }) => {
        this.#calling.ids.use(machineId)
      },
      left: () => {
        this.#calling.ids.revoke()
      },
    })
    this.#watch.listen(() => {
      this.#calling.clusterChanged(this.#watch.view)
    })
  }

  /**
   * Connects to a cluster.
   *
   * @throws ConfigError when its settings are others, DiscoveryError when it cannot be reached.
   */
  static async connect(options: SurroundingsOptions): Promise<ClusterClient> {
    const client = new ClusterClient(await openSurroundings(options))
    try {
      await client.#member.join()
      return client
    } catch (error) {
      await client[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Reaches what a contract describes, wherever it lives: entities of its type, or whatever its own client is for. */
  get client(): ClientFactory {
    if (this.#isDisposed) throw new ShuttingDown()
    return this.#calling.clients
  }

  /** Breaks the calls that are under way, and leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    await this.#member.leave()
    await this.#calling[Symbol.asyncDispose]()
    await this.#watch[Symbol.asyncDispose]()
    await this.#surroundings.close()
  }
}
