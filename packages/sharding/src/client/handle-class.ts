import type { AnyEntity, AnyMethod, Due, Visibility } from '@cruster/core'
import type { ClientPort, Target } from './client-port.ts'

/** Through what, to whom, and when the methods of a handle send. */
export interface HandleState {
  readonly port: ClientPort
  readonly id: string
  readonly due: Due | undefined
}

/** What a method of a handle does with its target and arguments. */
export type Invoke = (state: HandleState, target: Target, args: readonly [input?: unknown, options?: object]) => unknown

/** Makes the object whose methods are an entity's. */
export type HandleFactory = (state: HandleState) => object

/** Methods of an entity and of its traits that a caller of this standing may see. */
export function visibleMethods(contract: AnyEntity, visible: readonly Visibility[]): ReadonlyMap<string, AnyMethod> {
  const all = [contract.methods, ...contract.traits.map((trait) => trait.methods)]
  return new Map(
    all.flatMap((methods) => Object.entries(methods)).filter(([, method]) => visible.includes(method.visibility)),
  )
}

/** One class for all handles of a kind, so that a handle costs one small object and no proxy is in the way. */
export function handleFactory(contract: AnyEntity, visible: readonly Visibility[], invoke: Invoke): HandleFactory {
  class Handle {
    readonly #state: HandleState

    constructor(state: HandleState) {
      this.#state = state
    }

    static stateOf(handle: Handle): HandleState {
      return handle.#state
    }
  }
  for (const [name, method] of visibleMethods(contract, visible)) {
    Object.defineProperty(Handle.prototype, name, {
      value(this: Handle, input?: unknown, options?: object) {
        const state = Handle.stateOf(this)
        const target = { contract, id: state.id, name, method }
        return invoke(state, target, options === undefined ? [input] : [input, options])
      },
    })
  }
  return (state) => new Handle(state)
}
