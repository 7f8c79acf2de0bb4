import type { Activities, ActivityHandlers, RawActivityHandlers } from './activity-handlers.ts'
import { checkActivities, checkHandlers } from './check-contract.ts'

/** What every activity group is, whatever its types. */
export interface AnyActivityGroup {
  readonly kind: 'activityGroup'
  readonly name: string
  readonly activities: Activities
}

/** A group with its handlers: what `implement` of a workflow takes for each of its groups. */
export interface ActivityGroupImplementation<Name extends string = string> {
  readonly kind: 'activityGroupImplementation'
  readonly contract: AnyActivityGroup & { readonly name: Name }
  readonly handlers: RawActivityHandlers
}

/** A group whose handlers still need something. */
export interface ActivityGroupFactory<Name extends string, Deps> {
  readonly kind: 'activityGroupFactory'
  /** Makes the handlers, once. */
  with(deps: Deps): ActivityGroupImplementation<Name>
}

/** Activities that several workflows share. Plain and frozen; safe to import anywhere. */
export interface ActivityGroupContract<Name extends string, A extends Activities> extends AnyActivityGroup {
  readonly name: Name
  readonly activities: A
  implement<Deps>(factory: (deps: Deps) => ActivityHandlers<A>): ActivityGroupFactory<Name, Deps>
  // Last, because a compiler that finds no overload explains why the last one does not fit.
  implement(handlers: ActivityHandlers<A>): ActivityGroupImplementation<Name>
}

/** All activities of a list of groups. */
export type GroupActivities<Groups extends readonly AnyActivityGroup[]> = Groups extends readonly [
  infer First extends AnyActivityGroup,
  ...infer Rest extends readonly AnyActivityGroup[],
]
  ? First['activities'] & GroupActivities<Rest>
  : unknown

/** What an activity group is declared with. */
export interface ActivityGroupOptions<A extends Activities> {
  readonly activities: A
}

/**
 * Declares activities that several workflows share.
 *
 * @throws ConfigError when a name cannot be used.
 */
export function defineActivityGroup<const Name extends string, const A extends Activities>(
  name: Name,
  { activities }: ActivityGroupOptions<A>,
): ActivityGroupContract<Name, A> {
  checkActivities('activity group', name, activities)
  const ready = (handlers: RawActivityHandlers): ActivityGroupImplementation<Name> => {
    checkHandlers(name, activities, handlers)
    return Object.freeze({ kind: 'activityGroupImplementation', contract, handlers })
  }
  const implement = (given: unknown): unknown => {
    /* oxlint-disable typescript/no-unsafe-type-assertion -- typed by the overloads of implement, checked when bound */
    if (typeof given !== 'function') return ready(given as RawActivityHandlers)
    const factory = given as (deps: unknown) => RawActivityHandlers
    /* oxlint-enable typescript/no-unsafe-type-assertion */
    return Object.freeze({ kind: 'activityGroupFactory', with: (deps: unknown) => ready(factory(deps)) })
  }
  const parts = { kind: 'activityGroup', name, activities: Object.freeze({ ...activities }), implement } as const
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- implement has two overloads
  const contract = Object.freeze(parts) as ActivityGroupContract<Name, A>
  return contract
}
