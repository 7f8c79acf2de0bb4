import { ConfigError } from '../error/config-error.ts'
import { joinedUtf8 } from './joined-utf8.ts'
import { murmur3 } from './murmur3.ts'

/**
 * Names a way of hashing for ever. Another one moves every entity to another shard, so a cluster agrees on one when its first
 * member joins, and keeps it.
 *
 * Version 1: MurmurHash3 (x86, 32 bits, seed 0) of the type, a byte 0xff, and the id, in UTF-8.
 */
export type HashVersion = 1

/** The version with which a new cluster begins. */
export const newestHashVersion: HashVersion = 1

/**
 * Takes a number for the version of a hash.
 *
 * @throws ConfigError when this release does not know the version.
 */
export function hashVersion(value: number): HashVersion {
  if (value === 1) return value
  throw new ConfigError(`Hash version ${value} is unknown to this release, which knows 1. Upgrade the release.`)
}

/** Hash of an entity, which decides about its shard. 0 … 2³² - 1. */
export function shardHash(version: HashVersion, type: string, id: string): number {
  hashVersion(version)
  return murmur3(joinedUtf8(type, id), 0)
}

/**
 * Hash of a co-location key: entities of all types that give the same key share a shard. Differs from the hash of every
 * entity, because no type has an empty name.
 */
export function colocationHash(version: HashVersion, key: string): number {
  return shardHash(version, '', key)
}

/**
 * Which of `shardsPerGroup` shards a hash falls into: 0 … shardsPerGroup - 1. Cuts the range of hashes into equal parts; with
 * 300 shards the largest has 0.00001 % more hashes than the smallest.
 */
export function shardIndex(hash: number, shardsPerGroup: number): number {
  return Math.floor((hash * shardsPerGroup) / 2 ** 32)
}

/**
 * A pair's lot in the draw of weighted rendezvous hashing: a number strictly between 0 and 1, of 52 bits, as good as random
 * but always the same for the same pair. The runner with the largest `-weight / Math.log(scoreHash(…))` gets the shard.
 */
export function scoreHash(version: HashVersion, runner: string, shard: string): number {
  hashVersion(version)
  const bytes = joinedUtf8(runner, shard)
  const high = murmur3(bytes, 0x9747b28c)
  const low = murmur3(bytes, 0x3c6ef372) >>> 12
  // The half keeps it off 0, and 52 bits leave room for the half in a double: so never 1 either.
  return (high * 2 ** 20 + low + 0.5) / 2 ** 52
}
