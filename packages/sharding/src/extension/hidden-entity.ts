import type { AnyEntity, Duration, EntityNeighbour, EntitySettings, Methods } from '@cruster/core'
import { parseDuration } from '@cruster/core'

/** A contract of a native entity. */
export interface HiddenEntity<M extends Methods> extends AnyEntity {
  readonly methods: M
  readonly traits: readonly []
}

/** What a native entity type is declared with. */
export interface HiddenEntityOptions<M extends Methods> {
  readonly methods: M
  readonly shardGroup?: string
  readonly maxIdleTime?: Duration
  /** Volatile calls that may wait or run at once. Default: the runner's. */
  readonly mailboxCapacity?: number
  /** How many calls, and how many stored messages, run at once. Default: no bound. */
  readonly concurrency?: number
  readonly colocateBy?: (id: string) => string
  /** The entity on whose shard one is placed, in place of a key. */
  readonly placedWith?: (id: string) => EntityNeighbour
  /** Error classes of `error()`, so that callers get instances of them. */
  readonly errors?: Readonly<Record<string, unknown>>
}

/**
 * Declares the contract of a native entity: like `defineEntity`, for a name of the extension's own making, such as
 * `Workflow/Checkout`.
 */
export function hiddenEntity<const M extends Methods>(name: string, options: HiddenEntityOptions<M>): HiddenEntity<M> {
  const { methods, shardGroup = 'default', maxIdleTime, mailboxCapacity, concurrency, colocateBy, placedWith } = options
  const settings: EntitySettings = {
    shardGroup,
    maxIdleMs: maxIdleTime === undefined ? undefined : parseDuration(maxIdleTime, 'maxIdleTime'),
    mailboxCapacity,
    concurrency: concurrency ?? Infinity,
    colocateBy,
    placedWith,
  }
  return Object.freeze({
    kind: 'entity',
    name,
    state: undefined,
    methods: Object.freeze({ ...methods }),
    traits: [] as const,
    errors: options.errors ?? {},
    settings,
  })
}
