import type {
  AcquireResult,
  ClusterSettings,
  Discovery,
  DiscoveryEvent,
  Membership,
  RunnerInfo,
  SettingsResult,
} from '@cruster/core/ports'
import type { MachineId, ShardId } from '@cruster/core'
import { DiscoveryError } from '@cruster/core'
import type { Steadiness } from './unsteady-storage.ts'

/** The way of a process to the registry: requests and answers take their time, some are lost, and news come late. */
export class UnsteadyDiscovery implements Discovery {
  readonly name: string
  readonly #discovery: Discovery
  readonly #steadiness: Steadiness

  constructor(discovery: Discovery, steadiness: Steadiness) {
    this.name = discovery.name
    this.#discovery = discovery
    this.#steadiness = steadiness
  }

  agree(settings: ClusterSettings): Promise<SettingsResult> {
    return pass(this.#steadiness, () => this.#discovery.agree(settings))
  }

  /** Not delayed on the way back: the lease runs from the join, and has to be looked after from then on. */
  async join(info: RunnerInfo): Promise<Membership> {
    await this.#steadiness.latency.pass()
    return new UnsteadyMembership(await this.#discovery.join(info), this.#steadiness)
  }

  async *watch(signal: AbortSignal): AsyncIterable<readonly DiscoveryEvent[]> {
    for await (const events of this.#discovery.watch(signal)) {
      await this.#steadiness.latency.pass()
      yield events
    }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#discovery[Symbol.asyncDispose]()
  }
}

class UnsteadyMembership implements Membership {
  readonly #membership: Membership
  readonly #steadiness: Steadiness

  constructor(membership: Membership, steadiness: Steadiness) {
    this.#membership = membership
    this.#steadiness = steadiness
  }

  get machineId(): MachineId {
    return this.#membership.machineId
  }

  get lost(): AbortSignal {
    return this.#membership.lost
  }

  leaseDeadline(): number {
    return this.#membership.leaseDeadline()
  }

  update(info: RunnerInfo): Promise<void> {
    return pass(this.#steadiness, () => this.#membership.update(info))
  }

  acquire(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    return pass(this.#steadiness, () => this.#membership.acquire(shards))
  }

  release(shards: readonly ShardId[]): Promise<void> {
    return pass(this.#steadiness, () => this.#membership.release(shards))
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#membership[Symbol.asyncDispose]()
  }
}

async function pass<T>({ latency, dice, errorRate, lost }: Steadiness, request: () => Promise<T>): Promise<T> {
  const rate = errorRate()
  const isLost = rate > 0 && dice.chance(rate)
  const isRefused = isLost && dice.chance(0.5)
  if (isLost) lost(isRefused ? 'request' : 'answer')
  await latency.pass()
  if (isRefused) throw new DiscoveryError('The request was lost on its way to the registry.')
  const answer = await request()
  await latency.pass()
  if (isLost) throw new DiscoveryError('The answer of the registry was lost on its way.')
  return answer
}
