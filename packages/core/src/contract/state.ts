import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ConfigError } from '../error/config-error.ts'

/** Makes the state of an entity that has none yet. May throw: then the entity cannot be used under this id. */
export type InitialState<State> = (id: string) => State

/** How an entity's state begins, is kept and grows with its code. */
export interface StateSpec<State = unknown> {
  readonly kind: 'persisted' | 'memory'
  readonly initial: InitialState<State>
  /** Checked when state is loaded; a state that does not fit fails the activation and is left as it is. */
  readonly schema: StandardSchemaV1<unknown, State> | undefined
  /** Version of the shape that this code writes. */
  readonly version: number
  /** Turns a state written by an older version into today's. */
  readonly migrate: ((old: unknown, version: number) => State) | undefined
}

/** What {@link persisted} state is declared with. */
export interface PersistedOptions<State> {
  readonly initial: InitialState<State>
  readonly schema?: StandardSchemaV1<unknown, State>
  /** Whole number from 1, default 1. Raise it together with `migrate` when the shape changes. */
  readonly version?: number
  readonly migrate?: (old: unknown, version: number) => State
}

/** State that is stored with each activity, with a schema or a version. A bare function is short for `initial`. */
export function persisted<State extends object>(options: PersistedOptions<State>): StateSpec<State> {
  return persistedSpec(options)
}

function persistedSpec<State>(options: PersistedOptions<State>): StateSpec<State> {
  const version = options.version ?? 1
  if (!Number.isInteger(version) || version < 1) {
    throw new ConfigError(`A state version must be a whole number from 1, not ${version}.`)
  }
  return Object.freeze({
    kind: 'persisted',
    initial: options.initial,
    schema: options.schema,
    version,
    migrate: options.migrate,
  })
}

/** State that lives in memory only: a session, a cache. It is lost when the entity is evicted or moves. */
export function memory<State extends object>(initial: InitialState<State>): StateSpec<State> {
  return Object.freeze({ kind: 'memory', initial, schema: undefined, version: 1, migrate: undefined })
}

/** Either way of declaring state. */
export type StateOption<State> = InitialState<State> | StateSpec<State>

/** The full form of either way; undefined for an entity without state. */
export function stateSpec<State>(option: StateOption<State> | undefined): StateSpec<State> | undefined {
  return typeof option === 'function' ? persistedSpec({ initial: option }) : option
}
