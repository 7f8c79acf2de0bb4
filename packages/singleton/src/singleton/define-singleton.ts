import type { ClientHost, Connectable } from '@cruster/core'
import { ConfigError } from '@cruster/core'
import type { Installable } from '@cruster/sharding/extension'
import { checkName } from '../context/check-name.ts'
import type { SingletonClient } from './singleton-client.ts'
import { singletonClient, singletonEntity } from './singleton-client.ts'
import type { SingletonRun } from './singleton-context.ts'
import { SingletonHost } from './singleton-host.ts'
import type { SingletonOptions } from './singleton-options.ts'
import { singletonSettings } from './singleton-options.ts'

/** Names a singleton: safe to import where its code is not. */
export interface SingletonContract extends Connectable<SingletonClient> {
  readonly kind: 'singleton'
  readonly name: string
}

/** A singleton with its code: what a runner registers. Every runner of its shard group registers the same. */
export interface SingletonImplementation extends SingletonContract, Installable<SingletonClient> {}

/**
 * The contract of a singleton by its name, for clients in processes that do not have its code.
 *
 * @throws ConfigError when the name cannot be used.
 */
export function singletonContract(
  name: string,
  { shardGroup = 'default' }: Pick<SingletonOptions, 'shardGroup'> = {},
): SingletonContract {
  checkName('singleton', name)
  const entity = singletonEntity(name, shardGroup)
  return Object.freeze({ kind: 'singleton', name, connect: (host: ClientHost) => singletonClient(host, entity, name) })
}

/**
 * Declares a task that runs once in the cluster, on the runner that owns its shard. When the shard moves, the run is told to
 * stop and has `stopWithin` for it; then nothing that it writes through `tx` is accepted any more, and only then another
 * runner can begin. A run that throws is started again after a growing pause, one that returns after `restartAfter`; with
 * `once: true` it is a job that is done when a run has returned.
 *
 * @throws ConfigError when the name or an option cannot work.
 */
export function defineSingleton(name: string, run: SingletonRun): SingletonImplementation
export function defineSingleton(name: string, options: SingletonOptions, run: SingletonRun): SingletonImplementation
export function defineSingleton(
  name: string,
  ...[first, second]: readonly [SingletonRun] | readonly [SingletonOptions, SingletonRun]
): SingletonImplementation {
  const options = typeof first === 'function' ? {} : first
  const run = typeof first === 'function' ? first : second
  if (typeof run !== 'function') throw new ConfigError(`The singleton ${name} has no function to run.`)
  const settings = singletonSettings(options)
  const { shardGroup } = settings
  const contract = singletonContract(name, { shardGroup })
  const entity = singletonEntity(name, shardGroup)
  return Object.freeze({
    ...contract,
    install: (runner) => {
      const host = new SingletonHost({ name, settings, entity, run }, runner)
      runner.register({ contract: entity, create: (scope) => host.answering(scope) })
      runner.reside(host)
      return contract.connect(runner)
    },
  } satisfies SingletonImplementation)
}
