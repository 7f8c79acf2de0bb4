import { ConfigError } from '../error/config-error.ts'
import type { AnyEntity } from './entity-contract.ts'
import type { HandlerContext, ReadContext } from './handlers.ts'
import type { Methods } from './method.ts'
import type { AnyTrait, RawHandlers, TraitImplementation } from './trait-contract.ts'

/** Why an entity leaves memory. */
export type DeactivateReason = 'idle' | 'moved' | 'shutdown' | 'crashed'

/** What a hook gets. */
export type HookContext<State> = Pick<HandlerContext<Methods>, 'id' | 'address' | 'epoch' | 'log' | 'client'> &
  Pick<ReadContext<State, Methods>, 'state'>

/** Moments in an entity's life in memory. */
export interface EntityHooks<State> {
  /** After the state was loaded, before the first message. When it throws, the entity is not activated. */
  readonly onActivate?: (context: HookContext<State>) => void | Promise<void>
  /** When the entity could be evicted. Return true to stay for another `maxIdleTime`. */
  readonly onIdle?: (context: HookContext<State>) => boolean | void | Promise<boolean | void>
  /** After the last message. Its errors are logged. */
  readonly onDeactivate?: (context: HookContext<State>, reason: DeactivateReason) => void | Promise<void>
}

type TraitImplementations<Traits extends readonly AnyTrait[]> = {
  readonly [Index in keyof Traits]: TraitImplementation<Traits[Index]['name']>
}

/** Second argument of `implement`: hooks, and an implementation for each trait of the contract, in its order. */
export type ImplementOptions<State, Traits extends readonly AnyTrait[]> = EntityHooks<State> &
  (Traits extends readonly [] ? { readonly traits?: readonly [] } : { readonly traits: TraitImplementations<Traits> })

export type ImplementArguments<Bound, State, Traits extends readonly AnyTrait[]> = Traits extends readonly []
  ? [handlers: Bound, options?: ImplementOptions<State, Traits>]
  : [handlers: Bound, options: ImplementOptions<State, Traits>]

/** A contract with its handlers: what a runner registers. */
export interface EntityImplementation<C extends AnyEntity = AnyEntity, Deps = void> {
  readonly kind: 'entityImplementation'
  readonly contract: C
  /** Makes the handlers; called once, at registration. */
  bind(deps: Deps): RawHandlers
  /** The same, with what its handlers need: ready to be registered. */
  with(deps: Deps): EntityImplementation<C>
  readonly hooks: EntityHooks<unknown>
  readonly traits: readonly TraitImplementation[]
}

interface RawOptions extends EntityHooks<unknown> {
  readonly traits?: readonly TraitImplementation[]
}

/** Builds an implementation from what `Contract.implement` was given; the types were checked there. */
export function entityImplementation(contract: AnyEntity, handlers: unknown, options: unknown): EntityImplementation {
  /* oxlint-disable typescript/no-unsafe-type-assertion -- typed by the overloads of implement, checked when bound */
  const { traits = [], ...hooks } = (options ?? {}) as RawOptions
  const bind =
    typeof handlers === 'function' ? (handlers as (deps: unknown) => RawHandlers) : () => handlers as RawHandlers
  /* oxlint-enable typescript/no-unsafe-type-assertion */
  for (const trait of contract.traits) checkTrait(contract, trait, traits)
  const bound = (deps: unknown): RawHandlers => checkHandlers(contract.name, contract.methods, bind(deps))
  const implementation = { kind: 'entityImplementation' as const, contract, hooks, traits }
  return Object.freeze({
    ...implementation,
    bind: bound,
    with: (deps: unknown) => {
      const ready: EntityImplementation = Object.freeze({
        ...implementation,
        bind: () => bound(deps),
        with: () => ready,
      })
      return ready
    },
  })
}

function checkTrait(contract: AnyEntity, trait: AnyTrait, given: readonly TraitImplementation[]): void {
  const found = given.find((candidate) => candidate.contract === trait)
  if (found === undefined) {
    throw new ConfigError(
      `${contract.name} is composed of ${trait.name}, which has no implementation. Pass it: implement({ … }, { traits: [ … ] }).`,
    )
  }
  checkHandlers(trait.name, trait.methods, found.handlers)
}

function checkHandlers(owner: string, methods: Methods, handlers: RawHandlers): RawHandlers {
  const missing = Object.keys(methods).filter((name) => typeof handlers[name] !== 'function')
  const extra = Object.keys(handlers).filter((name) => !(name in methods))
  if (missing.length > 0) throw new ConfigError(`${owner} has no handler for: ${missing.join(', ')}.`)
  if (extra.length > 0)
    throw new ConfigError(`${owner} has handlers for methods that it does not declare: ${extra.join(', ')}.`)
  return handlers
}
