import type { ClientHost, EntityImplementation, RunnerAddress } from '@cruster/core'
import type { PlacementSettings } from '../placement/shard-of.ts'
import type { Services } from '../runner/services.ts'
import type { NativeEntity } from './native-entity.ts'
import type { ShardResident } from './resident.ts'

/** An implementation that installs itself in a runner: `runner.register(it)`, `Runner.start({ register: [it] })`. */
export interface Installable<Client = unknown> {
  /** Called once per runner. What it returns is what `runner.register` returns: a typed client, as a rule. */
  readonly install: (host: RunnerHost) => Client
}

/** Whatever a runner can be started with. */
export type Registrable = EntityImplementation | Installable

/**
 * The runner, to what is installed in it. Its calls are those of a client outside of entities. Before the runner has
 * joined they wait for that.
 */
export interface RunnerHost extends ClientHost {
  readonly services: Services
  readonly placement: PlacementSettings
  /** Where others reach the runner: known when it has joined. */
  address(): RunnerAddress
  /**
   * Adds an entity type of its own. Names of native entities may hold a `/`, which sets them apart from users'.
   *
   * @throws ConfigError when the name is taken.
   */
  register(entity: EntityImplementation | NativeEntity): void
  /** Has something run on whoever owns a shard. @throws ConfigError when the name is taken. */
  reside(resident: ShardResident): void
}
