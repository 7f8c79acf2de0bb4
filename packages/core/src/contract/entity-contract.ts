import { ConfigError } from '../error/config-error.ts'
import type { Duration } from '../time/duration.ts'
import { parseDuration } from '../time/duration.ts'
import type { ErrorClasses, ErrorSpecs, NoErrors } from './declared-error.ts'
import { errorClasses } from './declared-error.ts'
import type { EntityImplementation, ImplementArguments } from './entity-implementation.ts'
import { entityImplementation } from './entity-implementation.ts'
import type { Handlers } from './handlers.ts'
import type { Methods } from './method.ts'
import { checkMethodNames, checkName } from './names.ts'
import type { StateOption, StateSpec } from './state.ts'
import { stateSpec } from './state.ts'
import type { AnyTrait } from './trait-contract.ts'

/** How entities of a type are placed and run. Undefined means: the runner's default. */
export interface EntitySettings {
  readonly shardGroup: string
  readonly maxIdleMs: number | undefined
  readonly mailboxCapacity: number | undefined
  readonly concurrency: number | undefined
  readonly colocateBy: ((id: string) => string) | undefined
  /** On the shard of another entity. Of hidden entities that belong to one. */
  readonly placedWith?: ((id: string) => EntityNeighbour) | undefined
}

/** An entity with which another one shares its shard. */
export interface EntityNeighbour {
  readonly contract: Pick<AnyEntity, 'name' | 'settings'>
  readonly id: string
}

/** What every entity contract is, whatever its types. */
export interface AnyEntity {
  readonly kind: 'entity'
  readonly name: string
  readonly state: StateSpec | undefined
  readonly methods: Methods
  readonly traits: readonly AnyTrait[]
  readonly errors: Readonly<Record<string, unknown>>
  readonly settings: EntitySettings
}

/**
 * The contract of a type of entity: plain and frozen, safe to import in a client, a browser or a test. `implement`
 * binds handlers to it; only runners need those.
 */
export interface EntityContract<
  Name extends string,
  State,
  M extends Methods,
  Traits extends readonly AnyTrait[],
  Errors extends ErrorSpecs,
> extends AnyEntity {
  readonly name: Name
  readonly state: StateSpec<State> | undefined
  readonly methods: M
  readonly traits: Traits
  /** Classes to throw in handlers and to catch in callers. */
  readonly errors: ErrorClasses<Errors>
  /** Leaves open what handlers need; `with(deps)` of the implementation hands it in. */
  implement<Deps>(
    factory: (deps: Deps) => Handlers<M, State, M & TraitMethods<Traits>>,
    ...options: ImplementArguments<unknown, State, Traits> extends [unknown, ...infer Rest] ? Rest : never
  ): EntityImplementation<this, Deps>
  // Last, because a compiler that finds no overload explains why the last one does not fit.
  implement(
    ...args: ImplementArguments<Handlers<M, State, M & TraitMethods<Traits>>, State, Traits>
  ): EntityImplementation<this>
}

/** All methods of a list of traits. */
export type TraitMethods<Traits extends readonly AnyTrait[]> = Traits extends readonly [
  infer First extends AnyTrait,
  ...infer Rest extends readonly AnyTrait[],
]
  ? First['methods'] & TraitMethods<Rest>
  : unknown

/** All methods of an entity, those of its traits included. */
export type EntityMethods<C extends AnyEntity> = C['methods'] & TraitMethods<C['traits']>

/** Turns a method name that a trait has already into an error where it is written. */
type WithoutClash<M, Traits extends readonly AnyTrait[]> = {
  readonly [Name in keyof M & keyof TraitMethods<Traits>]: `a trait already has a method named ${Name & string}`
}

/** What a type of entity is declared with. */
export interface EntityOptions<
  State,
  M extends Methods,
  Traits extends readonly AnyTrait[],
  Errors extends ErrorSpecs,
> {
  /** Makes the first state; or `persisted({…})` or `memory(…)`. Without it the entity is stateless. */
  readonly state?: StateOption<State>
  readonly methods: M & WithoutClash<M, Traits>
  readonly traits?: Traits
  /** Errors that handlers throw as part of their answer; they arrive as instances of `Contract.errors.Name`. */
  readonly errors?: Errors
  /** Which runners host it: those that list the group. Default `default`. */
  readonly shardGroup?: string
  /** How long an entity stays in memory without work. Default 60 s; longer saves loads, shorter saves memory. */
  readonly maxIdleTime?: Duration
  /** How many calls may wait or run at once before `MailboxFull`. Default 1000. */
  readonly mailboxCapacity?: number
  /**
   * How many rpcs run at once. Default: unlimited with state, which they only read; 1 without. Activities always run
   * one at a time.
   */
  readonly concurrency?: number
  /** Entities with equal keys share a shard, whatever their type. Default: type and id decide. */
  readonly colocateBy?: (id: string) => string
}

/**
 * Declares a type of entity.
 *
 * @throws ConfigError when a name or an option cannot work.
 */
export function defineEntity<
  const Name extends string,
  const M extends Methods,
  State extends object | undefined = undefined,
  const Traits extends readonly AnyTrait[] = readonly [],
  const Errors extends ErrorSpecs = NoErrors,
>(name: Name, options: EntityOptions<State, M, Traits, Errors>): EntityContract<Name, State, M, Traits, Errors> {
  checkName('entity', name)
  checkMethodNames(name, options.methods)
  checkClashes(name, options.methods, options.traits ?? [])
  const contract = Object.freeze({
    kind: 'entity' as const,
    name,
    state: stateSpec(options.state),
    methods: Object.freeze({ ...options.methods }),
    traits: Object.freeze([...(options.traits ?? [])]),
    errors: errorClasses(options.errors),
    settings: entitySettings(name, options),
    implement: (handlers: unknown, implementOptions?: unknown) =>
      entityImplementation(contract, handlers, implementOptions),
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- copies of the options; no traits are an empty tuple; implement has two overloads
  return contract as unknown as EntityContract<Name, State, M, Traits, Errors>
}

type PlacementOptions = Pick<
  EntityOptions<object, Methods, readonly AnyTrait[], ErrorSpecs>,
  'shardGroup' | 'maxIdleTime' | 'mailboxCapacity' | 'concurrency' | 'colocateBy'
>

function entitySettings(name: string, options: PlacementOptions): EntitySettings {
  checkName('shard group', options.shardGroup ?? 'default')
  return Object.freeze({
    shardGroup: options.shardGroup ?? 'default',
    maxIdleMs: options.maxIdleTime === undefined ? undefined : parseDuration(options.maxIdleTime, 'maxIdleTime'),
    mailboxCapacity: atLeastOne(name, 'mailboxCapacity', options.mailboxCapacity),
    concurrency: atLeastOne(name, 'concurrency', options.concurrency),
    colocateBy: options.colocateBy,
  })
}

function atLeastOne(owner: string, option: string, value: number | undefined): number | undefined {
  if (value !== undefined && value !== Infinity && (!Number.isInteger(value) || value < 1)) {
    throw new ConfigError(`${option} of ${owner} must be a whole number from 1, or Infinity; it is ${value}.`)
  }
  return value
}

function checkClashes(name: string, methods: Methods, traits: readonly AnyTrait[]): void {
  const owners = new Map(Object.keys(methods).map((method) => [method, name]))
  for (const trait of traits) {
    for (const method of Object.keys(trait.methods)) {
      const owner = owners.get(method)
      if (owner !== undefined) {
        throw new ConfigError(
          `${name} has two methods named ${method}: from ${owner} and from ${trait.name}. Rename one.`,
        )
      }
      owners.set(method, trait.name)
    }
  }
}
