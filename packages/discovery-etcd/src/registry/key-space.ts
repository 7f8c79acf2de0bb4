import type { MachineId, RunnerAddress, ShardId } from '@cruster/core'
import { runnerAddress, shardId } from '@cruster/core'
import { Range } from 'etcd3'

/** From `start` up to, but not including, `end`. */
export interface KeyRange {
  readonly key: Buffer
  readonly range_end: Buffer
}

/** What a key stands for. */
export type KeyMeaning =
  { readonly kind: 'runner'; readonly address: RunnerAddress } | { readonly kind: 'shard'; readonly shard: ShardId }

/**
 * The keys of one cluster. All but the settings are on the lease of the runner that they speak of.
 *
 * ```
 * {prefix}runners/{address}     what a runner tells about itself, as JSON
 * {prefix}shards/{group}:{id}   address of the shard's owner; its create revision is the epoch
 * {prefix}machines/{n}          instance id of the runner that has machine id n
 * {prefix}settings              what all members agree on, as JSON; never deleted
 * ```
 */
export class KeySpace {
  readonly all: KeyRange
  readonly runners: KeyRange
  readonly machines: KeyRange
  readonly settings: Buffer
  readonly #runners: string
  readonly #shards: string
  readonly #machines: string

  constructor(prefix: string) {
    this.#runners = `${prefix}runners/`
    this.#shards = `${prefix}shards/`
    this.#machines = `${prefix}machines/`
    this.all = rangeOf(prefix)
    this.runners = rangeOf(this.#runners)
    this.machines = rangeOf(this.#machines)
    this.settings = Buffer.from(`${prefix}settings`)
  }

  runner(address: RunnerAddress): Buffer {
    return Buffer.from(this.#runners + address)
  }

  shard(shard: ShardId): Buffer {
    return Buffer.from(this.#shards + shard)
  }

  machine(id: MachineId): Buffer {
    return Buffer.from(`${this.#machines}${id}`)
  }

  /** The number in the key of a machine id; NaN for any other key. */
  machineOf(key: Buffer): number {
    const text = key.toString()
    return text.startsWith(this.#machines) ? Number(text.slice(this.#machines.length)) : Number.NaN
  }

  /** What a key tells watchers; undefined when they need not know. */
  meaning(key: Buffer): KeyMeaning | undefined {
    const text = key.toString()
    if (text.startsWith(this.#shards)) return shardMeaning(text.slice(this.#shards.length))
    if (!text.startsWith(this.#runners)) return undefined
    return { kind: 'runner', address: runnerAddress(text.slice(this.#runners.length)) }
  }
}

/** Somebody may have put a key there that names no shard. */
function shardMeaning(text: string): KeyMeaning | undefined {
  const [, group, index] = /^(.+):(\d+)$/u.exec(text) ?? []
  return group === undefined ? undefined : { kind: 'shard', shard: shardId(group, Number(index)) }
}

function rangeOf(prefix: string): KeyRange {
  const { start, end } = Range.prefix(prefix)
  return { key: start, range_end: end }
}
