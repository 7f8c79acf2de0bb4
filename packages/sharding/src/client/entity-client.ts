import type { AnyEntity, CallOptions, Due, EntityClient, EntityMethods, RequestId, Visibility } from '@cruster/core'
import { MethodNotFound } from '@cruster/core'
import type { ClientPort } from './client-port.ts'
import { callToEnd } from './continued-call.ts'
import type { HandleFactory, HandleState, Invoke } from './handle-class.ts'
import { handleFactory, visibleMethods } from './handle-class.ts'

/** The three ways of sending that a client offers. */
interface Handles {
  readonly call: HandleFactory
  readonly notify: HandleFactory
  readonly schedule: HandleFactory
}

/** Handles depend on the contract and on what is visible alone, and clients are made in every handler: made once. */
const handlesByContract = new WeakMap<AnyEntity, Map<string, Handles>>()

function handlesOf(contract: AnyEntity, visible: readonly Visibility[]): Handles {
  const known = handlesByContract.get(contract) ?? new Map<string, Handles>()
  handlesByContract.set(contract, known)
  const key = visible.join()
  const handles = known.get(key) ?? {
    call: handleFactory(contract, visible, call),
    notify: handleFactory(contract, visible, notify),
    schedule: handleFactory(contract, visible, schedule),
  }
  known.set(key, handles)
  return handles
}

const call: Invoke = ({ port }, target, [input, options = {}]) =>
  target.method.kind === 'stream' ? port.stream(target, input, options) : callToEnd(port, target, [input, options])

const notify: Invoke = ({ port }, target, [input, options = {}]) => port.send(target, input, options).then(nothing)

function nothing(): void {
  // Whoever sends a message is not told which one it is.
}

const schedule: Invoke = ({ port, due }, target, [input, options = {}]) =>
  port.send(target, input, due === undefined ? options : { ...options, due })

function checkId(contract: AnyEntity, id: unknown): string {
  if (typeof id === 'string') return id
  throw new TypeError(`An id of ${contract.name} must be a string; it is ${typeof id}.`)
}

/** Builds the typed client of a contract on a port. `visible` says which methods it has. */
export function createEntityClient<C extends AnyEntity, V extends Visibility>(
  contract: C,
  port: ClientPort,
  visible: readonly V[],
): EntityClient<EntityMethods<C>, V> {
  const handles = handlesOf(contract, visible)
  const at = (id: string, due?: Due): HandleState => ({ port, id: checkId(contract, id), due })
  const client = {
    get: (id: string) => handles.call(at(id)),
    notify: (id: string) => handles.notify(at(id)),
    schedule: (id: string, due: Due) => handles.schedule(at(id, due)),
    cancel: (id: string, message: RequestId) => port.cancel({ contract, id: checkId(contract, id) }, message),
    call: async (id: string, name: string, ...args: [input?: unknown, options?: CallOptions]) => {
      const method = visibleMethods(contract, visible).get(name)
      if (method === undefined) throw new MethodNotFound(contract.name, name)
      return call(at(id), { contract, id, name, method }, args)
    },
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the handles have exactly the visible methods of C
  return client as unknown as EntityClient<EntityMethods<C>, V>
}
