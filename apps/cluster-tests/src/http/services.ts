import type { ClientFactory } from '@cruster/core'
import type { Database } from '../database/database.ts'

/** What is known of the shards of the cluster. */
export interface ShardFigures {
  readonly shardsPerGroup: number
  readonly groups: readonly string[]
}

/** What the routes are served with. */
export interface AppServices {
  readonly client: ClientFactory
  readonly database: Database
  readonly shards: ShardFigures
  readonly entityTypes: () => readonly string[]
  readonly activeEntities: () => number
}
