import type { EntityAddress, Epoch, RequestId, ShardId } from '@cruster/core'
import type { Fence, MessageStatus } from '@cruster/core/ports'
import { EntityMap } from './entity-map.ts'
import type { Facts, MessageIdentity, ReplyIdentity } from './facts.ts'

export interface AssumedVersion {
  readonly address: EntityAddress
  readonly version: number
}

/** Where a journal ends. */
export interface AssumedEnd {
  readonly address: EntityAddress
  readonly position: number
}

/**
 * Facts taken for granted: everything is as units hope, which it nearly always is. What was assumed is remembered, to be
 * verified in the statement that writes; a batch for which one assumption fails is decided again on facts that were read.
 */
export class AssumedFacts implements Facts {
  readonly fences = new Map<ShardId, Epoch>()
  readonly versions = new EntityMap<AssumedVersion>()
  readonly ends = new EntityMap<AssumedEnd>()
  /** Ids of which no message is stored. */
  readonly unsaved = new Set<RequestId>()
  /** Ids of which no reply is recorded. */
  readonly unanswered = new Set<RequestId>()
  /** Ids of which a message is pending. */
  readonly pending: RequestId[] = []
  readonly #statuses = new Map<RequestId, MessageStatus | undefined>()
  #isPossible = true

  /** False when something was asked that cannot be assumed, or two units hope for different things. */
  get isPossible(): boolean {
    return this.#isPossible
  }

  accepts({ shard, epoch }: Fence): boolean {
    const known = this.fences.get(shard)
    if (known === undefined) this.fences.set(shard, epoch)
    else if (known !== epoch) this.#isPossible = false
    return true
  }

  version(address: EntityAddress, hoped: number): number {
    const known = this.versions.get(address)
    if (known !== undefined) return known.version
    this.versions.set(address, { address, version: hoped })
    return hoped
  }

  journalEnd(address: EntityAddress, hoped: number | undefined): number {
    if (hoped === undefined) this.#isPossible = false
    const known = this.ends.get(address)
    if (known !== undefined) return known.position
    const position = hoped ?? 0
    this.ends.set(address, { address, position })
    return position
  }

  status(id: RequestId, hoped: MessageStatus | undefined): MessageStatus | undefined {
    const known = this.#statuses.get(id)
    if (known !== undefined || this.#statuses.has(id)) return known
    if (hoped === undefined) this.unsaved.add(id)
    else if (hoped === 'pending') this.pending.push(id)
    else this.#isPossible = false
    this.#statuses.set(id, hoped)
    return hoped
  }

  identity(id: RequestId): MessageIdentity {
    this.#isPossible = false
    return { address: { shard: unknownShard, type: '', id }, digest: undefined }
  }

  reply(id: RequestId): ReplyIdentity | undefined {
    this.unanswered.add(id)
    return undefined
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never looked at: the decision is thrown away
const unknownShard = '' as ShardId
