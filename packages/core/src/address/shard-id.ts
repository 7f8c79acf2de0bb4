import { ConfigError } from '../error/config-error.ts'
import type { Brand } from './brand.ts'

/** One unit of placement, written `group:index`, e.g. `default:17`. Indexes count from 0. */
export type ShardId = Brand<string, 'ShardId'>

/** Proof of ownership of a shard. Grows by at least one each time the shard changes hands. Safe integer, from 1. */
export type Epoch = Brand<number, 'Epoch'>

/** The two parts of a {@link ShardId}. */
export interface ShardParts {
  readonly group: string
  readonly index: number
}

/** The id of the shard at an index of a group. */
export function shardId(group: string, index: number): ShardId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is how a shard id is made
  return `${group}:${index}` as ShardId
}

/**
 * The group and index of a shard's id.
 *
 * @throws ConfigError when the text is not `group:index`.
 */
export function parseShardId(text: string): ShardParts {
  const at = text.lastIndexOf(':')
  const index = Number(text.slice(at + 1))
  if (at < 1 || !Number.isInteger(index) || index < 0) {
    throw new ConfigError(`"${text}" is not a shard id. Write it as group:index, for example default:17.`)
  }
  return { group: text.slice(0, at), index }
}

/**
 * Takes a number for an epoch.
 *
 * @throws ConfigError when the number is not a positive safe integer.
 */
export function epoch(value: number): Epoch {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ConfigError(`${value} is not an epoch. An epoch is a whole number from 1.`)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked above
  return value as Epoch
}
