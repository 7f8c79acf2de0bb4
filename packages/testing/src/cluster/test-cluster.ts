import type { AnyEntity, ClientFactory } from '@cruster/core'
import { ConfigError, SystemClock, newestHashVersion, parseDuration } from '@cruster/core'
import type { LoggedLine } from '@cruster/core/memory'
import {
  MemoryCluster,
  MemoryDiscovery,
  MemoryLogger,
  MemoryNetwork,
  MemoryTransport,
  SeededRandom,
  VirtualClock,
} from '@cruster/core/memory'
import type { Clock, Storage } from '@cruster/core/ports'
import { ClusterClient, assign } from '@cruster/sharding'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { clusterPicture } from './cluster-picture.ts'
import { Partitions } from './partitions.ts'
import type { WaitOptions } from './passing-time.ts'
import { PassingTime } from './passing-time.ts'
import type { StorageFault } from './storage-gate.ts'
import type { TestClusterOptions, TestRunnerOptions } from './test-cluster-options.ts'
import { TestRunner } from './test-runner.ts'
import type { TestWorld } from './test-world.ts'

/** Between whom a network can be cut: a runner, the cluster's client, the registry in which leases and locks are. */
export type Place = TestRunner | 'client' | 'registry'

/**
 * A whole cluster in one process and in memory, whose time, network, storage and processes are in the test's hands.
 *
 * On a virtual clock calls need no time while all is well. What waits for a lease, a retry or a timer needs
 * {@link TestCluster.clock | clock}`.advance`, {@link until} or {@link settled}.
 */
export class TestCluster implements AsyncDisposable {
  readonly #world: TestWorld
  readonly #time: PassingTime
  readonly #closeStorage: () => Promise<void>
  readonly #runners: TestRunner[] = []
  readonly #clientDiscovery: MemoryDiscovery
  #client: ClusterClient | undefined
  #isDisposed = false

  private constructor(options: TestClusterOptions, world: TestWorld) {
    this.#world = world
    this.#time = new PassingTime(world.clock, () => this.describe())
    this.#closeStorage = async () => {
      if (options.storage === undefined) await world.storage[Symbol.asyncDispose]()
    }
    this.#clientDiscovery = new MemoryDiscovery(world.registry)
    world.partitions.add('client')
  }

  /** Starts runners and a client, and waits until every shard has its owner. */
  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const cluster = new TestCluster(options, await openWorld(options))
    const { runners = 1 } = options
    const each = typeof runners === 'number' ? Array.from({ length: runners }, () => ({})) : runners
    try {
      await cluster.#connect()
      await cluster.settled(Promise.all(each.map((one) => cluster.#start(one))), 'the start of all runners')
      await cluster.balanced()
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The time of all. Only when it is virtual. */
  get clock(): VirtualClock {
    const { clock } = this.#world
    if (clock instanceof VirtualClock) return clock
    throw new ConfigError(
      'This cluster runs on the time of the system. Start it with { clock: "virtual" } to have it in hand.',
    )
  }

  /** All runners that were ever started, in that order. */
  get runners(): readonly TestRunner[] {
    return this.#runners
  }

  /** What all runners share, not going through any of their gates. */
  get storage(): Storage {
    return this.#world.storage
  }

  /** What runners and the client have logged, oldest first. */
  get log(): readonly LoggedLine[] {
    return this.#world.logger.lines
  }

  /** Lines between runners, and between them and the client, that are open. */
  get openLines(): number {
    return this.#world.network.openLines
  }

  /** Reaches entities from a process of its own, which hosts none and survives every runner. */
  get client(): ClientFactory {
    if (this.#client === undefined) throw new ConfigError('The cluster has not started.')
    return this.#client.client
  }

  /** The runner that owns an entity. @throws ConfigError when none does at this moment. */
  ownerOf(contract: AnyEntity, id: string): TestRunner {
    const owner = this.findOwner(contract, id)
    if (owner !== undefined) return owner
    throw new ConfigError(
      `Nobody owns ${contract.name}/${id} now. Wait for it: until('it has an owner', …).\n\n${this.describe()}`,
    )
  }

  /** The runner that owns an entity, if one does at this moment. */
  findOwner(contract: AnyEntity, id: string): TestRunner | undefined {
    const shard = this.#runners[0]?.runner.sharding.getShardId(contract, id)
    const lock = this.#world.registry.snapshot().locks.find((each) => each.shard === shard)
    return this.#alive.find(
      ({ runner }) =>
        runner.instanceId === lock?.instanceId && lock !== undefined && runner.sharding.hasShardId(lock.shard),
    )
  }

  /** Lets time pass until a condition holds. A wait that fails tells what it was for, and shows the cluster. */
  async until(what: string, condition: () => boolean | Promise<boolean>, options?: WaitOptions): Promise<void> {
    await this.#time.until(what, condition, options)
  }

  /** The outcome of some work, for which time passes as long as it needs. */
  async settled<T>(work: Promise<T>, what?: string, options?: WaitOptions): Promise<T> {
    return this.#time.settled(work, what, options)
  }

  /** Lets time pass until every shard is owned by the runner that it belongs to. */
  async balanced(): Promise<void> {
    await this.until('every shard is with the runner that it belongs to', () => this.#isBalanced())
  }

  /** Starts one more runner. It has its shards when this resolves, as far as others have let go of them. */
  async add(options: TestRunnerOptions = {}): Promise<TestRunner> {
    return this.settled(this.#start(options), 'the start of another runner')
  }

  /** Kills a runner. The others notice broken lines at once, and a free shard when its lease has run out. */
  async crash(runner: TestRunner): Promise<void> {
    await this.settled(runner.crash(), `the crash of ${runner.name}`)
  }

  /** Stops a runner as it should be: it drains first. */
  async stop(runner: TestRunner): Promise<void> {
    await this.settled(runner.stop(), `the stop of ${runner.name}`)
  }

  /** Starts a runner again at its address, after stopping it if it runs, or waiting for its lease if it crashed. */
  async restart(runner: TestRunner): Promise<void> {
    if (runner.isRunning) await this.stop(runner)
    const { address } = runner.runner
    const isListed = (): boolean => this.#world.registry.snapshot().runners.some((info) => info.address === address)
    await this.until(`the lease of ${runner.name} has run out`, () => !isListed())
    await this.settled(runner.start(), `the restart of ${runner.name}`)
  }

  /** Holds a runner's process where it is, as SIGSTOP does. */
  async pause(runner: TestRunner): Promise<void> {
    runner.pause()
    await this.#becomeQuiet()
  }

  /** Lets a paused runner go on; for it, time has jumped. */
  async resume(runner: TestRunner): Promise<void> {
    runner.resume()
    await this.#becomeQuiet()
  }

  /** Cuts two places from each other. What is on its way is held up, and lost when the cut lasts. */
  partition(one: Place, other: Place): void {
    if (one === 'registry') this.#cutOff(other, true)
    else if (other === 'registry') this.#cutOff(one, true)
    else this.#world.partitions.separate(nodeOf(one), nodeOf(other))
  }

  /** Undoes the cut between two places, or all there are. */
  heal(one?: Place, other?: Place): void {
    if (one === undefined || other === undefined) this.#healAll()
    else if (one === 'registry') this.#cutOff(other, false)
    else if (other === 'registry') this.#cutOff(one, false)
    else this.#world.partitions.heal(nodeOf(one), nodeOf(other))
  }

  /** Breaks a runner's way to storage, or with `off` repairs it. Default: its requests are refused. */
  failStorage(runner: TestRunner, fault: StorageFault | 'off' = 'refused'): void {
    runner.failStorage(fault === 'off' ? undefined : fault)
  }

  /** Breaks all lines of a runner or the client, once. New ones can be opened at once. */
  breakLines(place: TestRunner | 'client'): void {
    this.#world.network.breakLines(nodeOf(place))
  }

  /** The cluster at this moment, for people. */
  describe(): string {
    return clusterPicture(
      this.#world,
      this.#runners.filter(({ wasStarted }) => wasStarted),
    )
  }

  /** Repairs what is broken, stops everybody as they should be stopped, and closes the storage that it opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#healAll()
    for (const runner of this.#runners) {
      runner.failStorage(undefined)
      if (runner.phase === 'paused') runner.resume()
    }
    const stopping = this.#alive.map((runner) => runner.stop())
    await this.settled(Promise.all([this.#client?.[Symbol.asyncDispose](), ...stopping]), 'the end of the cluster')
    await this.#clientDiscovery[Symbol.asyncDispose]()
    await this.settled(this.#closeStorage(), 'the end of storage')
  }

  get #alive(): readonly TestRunner[] {
    return this.#runners.filter(({ isRunning }) => isRunning)
  }

  async #connect(): Promise<void> {
    const { clock, network, logger, nextSeed, config } = this.#world
    const connected = ClusterClient.connect({
      discovery: this.#clientDiscovery,
      transport: async () => new MemoryTransport(network, 'client'),
      clock,
      config,
      logger: logger.with({ runner: 'client' }),
      random: new SeededRandom(nextSeed()),
    })
    this.#client = await this.settled(connected, 'the client has connected')
  }

  async #start(options: TestRunnerOptions): Promise<TestRunner> {
    const runner = new TestRunner(this.#world, `runner-${this.#runners.length + 1}`, options)
    this.#runners.push(runner)
    await runner.start()
    return runner
  }

  #isBalanced(): boolean {
    const { shardsPerGroup = 300 } = this.#world.config
    const { runners } = this.#world.registry.snapshot()
    const assignment = assign(runners, { hashVersion: newestHashVersion, shardsPerGroup })
    const byInstance = new Map(this.#alive.map(({ runner }) => [runner.instanceId, runner]))
    return [...assignment].every(([shard, owner]) => byInstance.get(owner)?.sharding.hasShardId(shard) === true)
  }

  #cutOff(place: TestRunner | 'client' | 'registry', isCut: boolean): void {
    if (place === 'registry') throw new ConfigError('The registry cannot be cut from itself.')
    if (place !== 'client') place.cutOff(isCut)
    else if (isCut) this.#clientDiscovery.partition()
    else this.#clientDiscovery.heal()
  }

  #healAll(): void {
    this.#world.partitions.heal()
    for (const place of ['client', ...this.#alive] as const) this.#cutOff(place, false)
  }

  /** What is ready to run runs; no time passes. */
  async #becomeQuiet(): Promise<void> {
    await this.until('what is ready has run', () => true)
  }
}

const nodeOf = (place: TestRunner | 'client'): string => (place === 'client' ? 'client' : place.name)

function clockOf({ clock = 'virtual' }: TestClusterOptions): Clock {
  if (clock === 'virtual') return new VirtualClock()
  return clock === 'system' ? new SystemClock() : clock
}

async function openWorld(options: TestClusterOptions): Promise<TestWorld> {
  const clock = clockOf(options)
  const logger = new MemoryLogger()
  const storage =
    options.storage ??
    (await openSqliteStorage({ file: ':memory:', clock, logger: logger.with({ runner: 'storage' }) }))
  const leaseTtlMs = parseDuration(options.leaseTtl ?? '10s', 'leaseTtl')
  const network = new MemoryNetwork({ clock, ...(options.faults === undefined ? {} : { faults: options.faults }) })
  let processes = 0
  return {
    clock,
    logger,
    storage,
    network,
    registry: new MemoryCluster({ clock, leaseTtlMs, afterEpoch: await storage.newestEpoch() }),
    partitions: new Partitions(network),
    register: options.register ?? [],
    config: options.config ?? {},
    nextSeed: () => (options.seed ?? 1) * 1009 + processes++,
  }
}
