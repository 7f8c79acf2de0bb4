import type { EntityAddress, Epoch, RequestId } from '@cruster/core'

/** A handler that was called. */
export interface Started {
  readonly request: RequestId
  readonly address: EntityAddress
  readonly epoch: Epoch
  /** Milliseconds since 1970, by storage's clock. */
  readonly at: number
  /** Redeliveries that storage had counted then. */
  readonly counted: number
  /** Whether storage took the runner for the owner of the shard then. */
  readonly byOwner: boolean
}

/** What a log has to know of the world, which is made after it. */
export interface Observed {
  now(): number
  counted(request: RequestId): number
  isOwner(address: EntityAddress, epoch: Epoch): boolean
}

/** The calls of handlers, as the world outside sees them: also of those that came to nothing. */
export class EffectLog {
  readonly starts: Started[] = []
  #world: Observed | undefined

  observe(world: Observed): void {
    this.#world = world
  }

  started(context: {
    readonly address: EntityAddress
    readonly epoch: Epoch
    readonly request: { readonly id: RequestId }
  }): void {
    const { address, epoch, request } = context
    this.starts.push({
      request: request.id,
      address,
      epoch,
      at: this.#world?.now() ?? 0,
      counted: this.#world?.counted(request.id) ?? 0,
      byOwner: this.#world?.isOwner(address, epoch) ?? true,
    })
  }
}
