import type { EntityAddress, Epoch, RequestId, ShardId } from '@cruster/core'
import type { Fence, MessageStatus } from '@cruster/core/ports'
import { keyOf } from './entity-key.ts'
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
  readonly versions = new Map<string, AssumedVersion>()
  readonly ends = new Map<string, AssumedEnd>()
  /** Ids of which no message is stored. */
  readonly unsaved = new Set<RequestId>()
  /** Ids of which no reply is recorded. */
  readonly unanswered = new Set<RequestId>()
  readonly #statuses = new Map<RequestId, MessageStatus | undefined>()
  #isPossible = true

  /** False when something was asked that cannot be assumed, or two units hope for different things. */
  get isPossible(): boolean {
    return this.#isPossible
  }

  /** Ids of which a message is pending. */
  get pending(): readonly RequestId[] {
    return [...this.#statuses].filter(([, status]) => status === 'pending').map(([id]) => id)
  }

  accepts({ shard, epoch }: Fence): boolean {
    const known = this.fences.get(shard) ?? epoch
    if (known !== epoch) this.#isPossible = false
    this.fences.set(shard, known)
    return true
  }

  version(address: EntityAddress, hoped: number): number {
    const key = keyOf(address)
    const known = this.versions.get(key) ?? { address, version: hoped }
    this.versions.set(key, known)
    return known.version
  }

  journalEnd(address: EntityAddress, hoped: number | undefined): number {
    const key = keyOf(address)
    const known = this.ends.get(key) ?? { address, position: hoped ?? 0 }
    if (hoped === undefined) this.#isPossible = false
    this.ends.set(key, known)
    return known.position
  }

  status(id: RequestId, hoped: MessageStatus | undefined): MessageStatus | undefined {
    if (this.#statuses.has(id)) return this.#statuses.get(id)
    if (hoped === undefined) this.unsaved.add(id)
    else if (hoped !== 'pending') this.#isPossible = false
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
