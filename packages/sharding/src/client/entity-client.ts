import type { AnyEntity, AnyMethod, CallOptions, Due, EntityClient, EntityMethods, RequestId, SendOptions, Visibility } from '@cruster/core'
import { MethodNotFound } from '@cruster/core'
import type { ClientPort, Target } from './client-port.ts'

type Invoke = (target: Target, input: unknown, options: object | undefined) => unknown
type Callable = Readonly<Record<string, (input?: unknown, options?: object) => unknown>>

/** Methods of an entity and of its traits that a caller of this standing may see. */
function visibleMethods(contract: AnyEntity, visible: readonly Visibility[]): Map<string, AnyMethod> {
  const all = [contract.methods, ...contract.traits.map((trait) => trait.methods)].flatMap((methods) => Object.entries(methods))
  return new Map(all.filter(([, method]) => visible.includes(method.visibility)))
}

/**
 * Makes the objects that `get(id)` returns: one class for each client, so that a handle costs one small object and no
 * proxy is in the way.
 */
function handleFactory(contract: AnyEntity, methods: ReadonlyMap<string, AnyMethod>, invoke: Invoke): (id: string) => Callable {
  class Handle {
    readonly id: string
    constructor(id: string) {
      this.id = id
    }
  }
  for (const [name, method] of methods) {
    Object.defineProperty(Handle.prototype, name, {
      value(this: Handle, input?: unknown, options?: object) {
        return invoke({ contract, id: this.id, name, method }, input, options)
      },
    })
  }
  return (id) => new Handle(checkId(contract, id)) as unknown as Callable
}

function checkId(contract: AnyEntity, id: unknown): string {
  if (typeof id === 'string') return id
  throw new TypeError(`The id of a ${contract.name} must be a string; it is ${typeof id}.`)
}

/** Builds the typed client of a contract on a port. `visible` says which methods it has. */
export function createEntityClient<C extends AnyEntity, V extends Visibility>(
  contract: C,
  port: ClientPort,
  visible: readonly V[],
): EntityClient<EntityMethods<C>, V> {
  const methods = visibleMethods(contract, visible)
  const get = handleFactory(contract, methods, (target, input, options) => invoke(port, target, input, options))
  const notify = handleFactory(contract, methods, async (target, input, options) => {
    await port.send(target, input, (options ?? {}) as SendOptions)
  })
  const client = {
    get,
    notify,
    schedule: (id: string, due: Due) =>
      handleFactory(contract, methods, (target, input, options) => port.send(target, input, { ...options, due }))(id),
    cancel: (id: string, message: RequestId) => port.cancel({ contract, id: checkId(contract, id) }, message),
    call: async (id: string, name: string, input?: unknown, options?: CallOptions) => {
      const method = methods.get(name)
      if (method === undefined) throw new MethodNotFound(contract.name, name)
      return invoke(port, { contract, id: checkId(contract, id), name, method }, input, options)
    },
  }
  // The handles have exactly the visible methods of `C`, by the loop above.
  return client as unknown as EntityClient<EntityMethods<C>, V>
}

function invoke(port: ClientPort, target: Target, input: unknown, options: object | undefined): unknown {
  const callOptions = (options ?? {}) as CallOptions
  return target.method.kind === 'stream' ? port.stream(target, input, callOptions) : port.call(target, input, callOptions)
}
