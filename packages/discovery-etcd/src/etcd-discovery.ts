import type {
  ClusterSettings,
  Discovery,
  DiscoveryEvent,
  Membership,
  RunnerInfo,
  SettingsResult,
} from '@cruster/core/ports'
import type { LinkSettings } from './link/link-settings.ts'
import { EtcdLink } from './link/etcd-link.ts'
import { EtcdMembership } from './membership/etcd-membership.ts'
import type { Registry } from './membership/registration.ts'
import { KeySpace } from './registry/key-space.ts'
import { agree } from './settings/agree.ts'
import { ClusterFeed } from './watch/cluster-feed.ts'

/**
 * Members, shard locks and settings of one cluster, under one prefix in etcd.
 *
 * Outages pass by themselves: calls are refused meanwhile, watches go on afterwards, and a membership survives one that is
 * shorter than its lease. Disposing it ends its watches and gives back its leases, in a few seconds at most.
 */
export class EtcdDiscovery implements Discovery {
  readonly name: string
  readonly #settings: LinkSettings
  readonly #registry: Registry
  readonly #memberships = new Set<Membership>()
  readonly #end = new AbortController()

  /** @internal Use `openEtcdDiscovery`. */
  constructor(settings: LinkSettings) {
    this.name = `etcd ${settings.endpoints.join(',')} ${settings.prefix}`
    this.#settings = settings
    this.#registry = { link: new EtcdLink(settings), keys: new KeySpace(settings.prefix) }
  }

  /** @throws DiscoveryError when etcd cannot be asked. */
  async check(): Promise<void> {
    await this.#registry.link.range('connecting', { key: this.#registry.keys.settings })
  }

  agree(settings: ClusterSettings): Promise<SettingsResult> {
    return agree(this.#registry, settings)
  }

  /** A predecessor at the same address that was killed is waited for until its lease has run out. */
  async join(info: RunnerInfo): Promise<Membership> {
    const membership = await EtcdMembership.join(this.#registry, this.#settings.leaseTtlS, info)
    this.#memberships.add(membership)
    membership.lost.addEventListener('abort', () => this.#memberships.delete(membership), { once: true })
    return membership
  }

  watch(signal: AbortSignal): AsyncIterable<readonly DiscoveryEvent[]> {
    return new ClusterFeed(this.#registry, AbortSignal.any([signal, this.#end.signal])).batches()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await Promise.all([...this.#memberships].map((membership) => membership[Symbol.asyncDispose]()))
    this.#registry.link.close()
  }
}
