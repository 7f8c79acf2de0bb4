import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import type { Fence, MessageStatus } from '@cruster/core/ports'
import type { Facts, MessageIdentity, ReplyIdentity } from '../../src/decide/facts.ts'

export interface MapFactsContents {
  readonly epochs?: Readonly<Record<ShardId, number>>
  readonly versions?: Readonly<Record<string, number>>
  readonly ends?: Readonly<Record<string, number>>
  readonly messages?: Readonly<Record<string, MessageIdentity & { readonly status: MessageStatus }>>
  readonly replies?: Readonly<Record<string, ReplyIdentity>>
}

/** Facts out of plain objects. Versions and ends of journals are by the entity's id. */
export class MapFacts implements Facts {
  readonly #contents: MapFactsContents

  constructor(contents: MapFactsContents) {
    this.#contents = contents
  }

  accepts({ shard, epoch }: Fence): boolean {
    return this.#contents.epochs?.[shard] === epoch
  }

  version({ id }: EntityAddress): number {
    return this.#contents.versions?.[id] ?? 0
  }

  journalEnd({ id }: EntityAddress): number {
    return this.#contents.ends?.[id] ?? 0
  }

  status(id: RequestId): MessageStatus | undefined {
    return this.#contents.messages?.[id]?.status
  }

  identity(id: RequestId): MessageIdentity {
    const found = this.#contents.messages?.[id]
    if (found === undefined) throw new TypeError(`${id} is not stored`)
    return { address: found.address, digest: found.digest }
  }

  reply(id: RequestId): ReplyIdentity | undefined {
    return this.#contents.replies?.[id]
  }
}
