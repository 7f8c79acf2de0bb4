import type { AnyEntity, EntityAddress, Epoch, ShardId } from '@cruster/core'
import type { Fence, NewMessage } from '@cruster/core/ports'
import type { MessageAsk } from '../client/prepared-request.ts'
import type { ShardResident } from '../extension/resident.ts'
import type { ResidentRegistry } from './resident-registry.ts'
import type { ClientPort } from '../client/client-port.ts'
import type { Endpoint, OpenCall, OwnerHint, ReplySink, Request } from '../connection/endpoint.ts'
import type { CallScope } from '../entity/entity-host.ts'
import type { ShardHost } from '../ownership/shard-keeper.ts'
import type { Services } from '../runner/services.ts'
import type { EntityRegistry } from './entity-registry.ts'
import { closedCall } from './job-call.ts'
import { OwnedShard } from './owned-shard.ts'
import { InboxReads } from '../delivery/inbox-reads.ts'
import { Turnstile } from './turnstile.ts'
import { WaitingRoom } from './waiting-room.ts'

export interface ShardTableOptions {
  readonly services: Services
  readonly registry: EntityRegistry
  readonly residents: ResidentRegistry
  readonly clientPort: (scope: CallScope) => ClientPort
  readonly message: (ask: MessageAsk) => NewMessage
  readonly addressOf: (contract: AnyEntity, id: string) => EntityAddress
  readonly handOver: (messages: readonly { readonly message: NewMessage; readonly sequence: number }[]) => void
  /** What this process knows about the owner of a shard that is not here. */
  readonly hint: (shard: ShardId) => OwnerHint | undefined
  /** Whether ownership is certain at this moment: false from shortly before the lease ends. */
  readonly mayExecute: () => boolean
  /** Whether a shard will be owned in a moment, as far as can be known. */
  readonly isComing: (shard: ShardId) => boolean
  readonly fenced: (fence: Fence) => void
  /** Whether shards go because the whole runner does. */
  readonly isShuttingDown: () => boolean
}

/**
 * The shards that this runner owns, and its own endpoint: executes what is for them, lets wait for a moment what is for those that
 * it is just taking over, and says `not mine` to the rest. It never sends a request on.
 */
export class ShardTable implements Endpoint, ShardHost {
  readonly #options: ShardTableOptions
  readonly #shards = new Map<ShardId, OwnedShard>()
  readonly #activations: Turnstile
  readonly #reads: InboxReads
  readonly #waitingRoom: WaitingRoom

  constructor(options: ShardTableOptions) {
    this.#options = options
    this.#activations = new Turnstile(options.services.config.maxActivations)
    this.#reads = new InboxReads(options.services)
    this.#waitingRoom = new WaitingRoom(options.services.clock)
  }

  get shards(): ReadonlyMap<ShardId, OwnedShard> {
    return this.#shards
  }

  get entityCount(): number {
    let count = 0
    for (const shard of this.#shards.values()) count += shard.entities.size
    return count
  }

  /** For how long the longest waiting stored message could have been begun, in milliseconds; 0 when none waits. */
  oldestDueMs(): number {
    const now = this.#options.services.clock.monotonic()
    let oldest = now
    for (const shard of this.#shards.values()) oldest = Math.min(oldest, shard.inbox.oldestWaiting() ?? now)
    return now - oldest
  }

  open(request: Request, sink: ReplySink): OpenCall {
    const { shard } = request.address
    const owned = this.#options.mayExecute() ? this.#shards.get(shard) : undefined
    if (owned !== undefined) return owned.open(request, sink)
    const turnAway = (): void => {
      sink.notMine(request.address, this.#options.hint(shard))
    }
    const waiting = this.#options.isComing(shard) ? this.#waitingRoom.enter(request, sink, turnAway) : undefined
    if (waiting !== undefined) return waiting
    turnAway()
    return closedCall
  }

  /** The shard is owned from now on. */
  take(shard: ShardId, epoch: Epoch): void {
    const { registry, residents, ...scope } = this.#options
    const owned = new OwnedShard({
      ...scope,
      reads: this.#reads,
      fence: { shard, epoch },
      entity: (type) => registry.get(type),
      residents: (id) => residents.of(id),
      admit: () => this.#activations.enter(),
    })
    this.#shards.set(shard, owned)
    this.#waitingRoom.admit(shard, this)
  }

  /** Something was registered that runs on a shard, which may be here already. */
  reside(shard: ShardId, resident: ShardResident): void {
    this.#shards.get(shard)?.reside(resident)
  }

  async drain(shard: ShardId): Promise<void> {
    const owned = this.#shards.get(shard)
    if (owned === undefined) return
    await owned.drain(this.#options.isShuttingDown() ? 'shutdown' : 'moved')
    if (this.#shards.get(shard) === owned) this.#shards.delete(shard)
  }

  abandon(shard: ShardId): void {
    this.#shards.get(shard)?.abandon()
    this.#shards.delete(shard)
  }
}
