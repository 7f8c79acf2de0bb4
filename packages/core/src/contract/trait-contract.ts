import type { Handlers } from './handlers.ts'
import type { ErrorClasses, ErrorSpecs, NoErrors } from './declared-error.ts'
import { errorClasses } from './declared-error.ts'
import { checkMethodNames, checkName } from './names.ts'
import type { Methods } from './method.ts'
import type { StateOption, StateSpec } from './state.ts'
import { stateSpec } from './state.ts'

/** What every trait contract is, whatever its types. */
export interface AnyTrait {
  readonly kind: 'trait'
  readonly name: string
  readonly state: StateSpec | undefined
  readonly methods: Methods
  readonly errors: Readonly<Record<string, unknown>>
}

/** Handlers bound to a trait contract, ready to be composed into entities. */
export interface TraitImplementation<Name extends string = string> {
  readonly kind: 'traitImplementation'
  readonly contract: AnyTrait & { readonly name: Name }
  readonly handlers: RawHandlers
}

/** Handlers as the runtime sees them: types were checked where they were bound. */
export type RawHandlers = Readonly<Record<string, (context: never, input: never) => unknown>>

/**
 * A reusable bundle of methods, with a state of its own or without. Its methods appear on the clients of each entity
 * that is composed of it; its state is saved in the same transaction as the entity's.
 */
export interface TraitContract<
  Name extends string,
  State,
  M extends Methods,
  Errors extends ErrorSpecs,
> extends AnyTrait {
  readonly name: Name
  readonly state: StateSpec<State> | undefined
  readonly methods: M
  readonly errors: ErrorClasses<Errors>
  implement(handlers: Handlers<M, State, M>): TraitImplementation<Name>
}

/** What a trait is declared with. */
export interface TraitOptions<State, M extends Methods, Errors extends ErrorSpecs> {
  readonly state?: StateOption<State>
  readonly methods: M
  readonly errors?: Errors
}

/**
 * Declares a trait.
 *
 * @throws ConfigError when a name cannot be used.
 */
export function defineTrait<
  const Name extends string,
  const M extends Methods,
  State extends object | undefined = undefined,
  const Errors extends ErrorSpecs = NoErrors,
>(name: Name, options: TraitOptions<State, M, Errors>): TraitContract<Name, State, M, Errors> {
  checkName('trait', name)
  checkMethodNames(name, options.methods)
  const contract: TraitContract<Name, State, M, Errors> = Object.freeze({
    kind: 'trait',
    name,
    state: stateSpec(options.state),
    methods: Object.freeze({ ...options.methods }),
    errors: errorClasses(options.errors),
    implement: (handlers: Handlers<M, State, M>): TraitImplementation<Name> =>
      Object.freeze({ kind: 'traitImplementation', contract, handlers }),
  })
  return contract
}
