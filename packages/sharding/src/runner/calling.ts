import type { ClientFactory, ClientHost, InstanceId, RunnerAddress } from '@cruster/core'
import { instanceId, newestHashVersion } from '@cruster/core'
import type { NewMessage, Storage, Transport } from '@cruster/core/ports'
import { clientFactory, clientHost } from '../client/client-factory.ts'
import type { MessageAsk } from '../client/prepared-request.ts'
import { messageFor } from '../client/prepared-request.ts'
import { RequestIds } from '../client/request-ids.ts'
import type { ClientServices } from '../client/routed-client.ts'
import { RoutedClient } from '../client/routed-client.ts'
import type { ClientPort } from '../client/client-port.ts'
import type { Endpoint } from '../connection/endpoint.ts'
import { PeerPool } from '../connection/peer-pool.ts'
import { unreachable } from '../connection/unreachable-endpoint.ts'
import { handOver } from '../delivery/hand-over.ts'
import type { CallScope } from '../entity/entity-host.ts'
import type { ClusterView } from '../membership/cluster-view.ts'
import type { ClusterWatch } from '../membership/cluster-watch.ts'
import type { PlacementSettings } from '../placement/shard-of.ts'
import { Router } from '../routing/router.ts'
import { CalledRunners } from './called-runners.ts'
import type { Services } from './services.ts'

/** Where a process stands with other processes: what it needs to make calls. */
export interface CallingOptions {
  readonly services: Omit<Services, 'storage'>
  readonly storage: Storage | undefined
  readonly watch: ClusterWatch
  readonly transport: Transport | undefined
  /** This process's own runner, if it is one. */
  readonly local: { readonly address: () => RunnerAddress | undefined; readonly endpoint: Endpoint } | undefined
}

/** The calling half of a process: ids, lines to peers, routes. Runners and mere clients have it alike. */
export class Calling implements AsyncDisposable {
  readonly router: Router
  readonly ids: RequestIds
  /** Who this process is to its peers. */
  readonly instanceId: InstanceId
  /** Clients that belong to no entity. */
  readonly clients: ClientFactory
  /** Where extensions make such clients. */
  readonly host: ClientHost
  readonly #services: ClientServices
  readonly #pool: PeerPool | undefined
  readonly #called = new CalledRunners()

  constructor({ services, storage, watch, transport, local }: CallingOptions) {
    const { clock, random, log, config, tracer } = services
    this.instanceId = instanceId(random.uuid())
    const id = this.instanceId
    this.#pool = transport === undefined ? undefined : new PeerPool({ transport, clock, random, log, instanceId: id })
    this.ids = new RequestIds(clock, log)
    this.router = new Router({
      clock,
      view: () => watch.view,
      assignment: () => watch.assignment,
      local,
      peer: (address) => {
        this.#called.note(address, watch.view)
        return this.#pool?.endpoint(address) ?? unreachable(clock, address)
      },
    })
    const placed: PlacementSettings = placement(config)
    const router = this.router
    this.#services = {
      ids: this.ids,
      clock,
      random,
      config,
      tracer,
      router,
      storage,
      placement: placed,
      handOver: (messages) => {
        handOver(router, messages)
      },
    }
    const outside = { port: this.port({ origin: 'client', chain: [] }), services: { ...services, storage } }
    this.clients = clientFactory(outside, ['public'])
    this.host = clientHost(outside)
  }

  get placement(): PlacementSettings {
    return this.#services.placement
  }

  handOver(messages: Parameters<typeof handOver>[1]): void {
    this.#services.handOver(messages)
  }

  port(scope: CallScope): ClientPort {
    return new RoutedClient(this.#services, scope)
  }

  /** A one-way message, for whoever stores it himself. @throws RunnerUnavailable while no id can be made. */
  message(ask: MessageAsk): NewMessage {
    return messageFor(this.#services, ask)
  }

  get services(): ClientServices {
    return this.#services
  }

  /** The cluster has changed: calls may find their way now, and lines to runners that have left are closed. */
  clusterChanged(view: ClusterView): void {
    for (const address of this.#called.outdated(view)) this.#pool?.forget(address)
    this.router.changed()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.router.close()
    await this.#pool?.[Symbol.asyncDispose]()
  }
}

export function placement(config: Services['config']): PlacementSettings {
  return { hashVersion: newestHashVersion, shardsPerGroup: config.shardsPerGroup }
}
