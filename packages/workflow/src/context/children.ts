import type { ExecutionRef } from '@cruster/core'
import { ConfigError, decode } from '@cruster/core'
import type { ExecutionEvent } from '../protocol/execution-message.ts'
import { ask, askForExit, inputBytes } from './asking.ts'
import type { BodyScope } from './body-scope.ts'
import type { ChildCall, ChildPort, ChildRef } from './child-port.ts'
import { asChild } from './child-port.ts'

/** Children of the execution whose body this is. */
export class Children implements ChildPort {
  readonly #scope: BodyScope

  constructor(scope: BodyScope) {
    this.#scope = scope
  }

  start(call: ChildCall): Promise<ExecutionRef> {
    const question = { kind: 'childStart', name: call.workflow, input: identityOf(call) } as const
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- recorded by the shell when it starts the child
    return ask(this.#scope, { ...question, task: { kind: 'child', call, waits: false } }) as Promise<ExecutionRef>
  }

  execute(call: ChildCall): Promise<Uint8Array> {
    const question = { kind: 'child', name: call.workflow, input: identityOf(call) } as const
    return askForExit(this.#scope, { ...question, task: { kind: 'child', call, waits: true } })
  }

  result({ type, id }: ExecutionRef): Promise<Uint8Array> {
    const awaits = { kind: 'child', child: { type, id } } as const
    const input = inputBytes([type, id], 'a wait')
    return askForExit(this.#scope, { kind: 'childWait', name: type, input, awaits, task: { kind: 'wait' } })
  }

  async cancel(child: ChildRef, reason?: string): Promise<void> {
    await this.#tell(child, { kind: 'cancel', reason })
  }

  async signal(child: ChildRef, name: string, payload: Uint8Array): Promise<void> {
    await this.#tell(child, { kind: 'signal', name, payload })
  }

  async #tell({ type, id, contract }: ChildRef, event: ExecutionEvent): Promise<void> {
    const name = `${type} ${event.kind}`
    const input = inputBytes([id, event], `a message to ${type}`)
    await ask(this.#scope, { kind: 'send', name, input, task: { kind: 'tell', contract, id, event } })
  }
}

/** What tells a child from another one, beside its workflow. */
function identityOf({ workflow, id, input }: ChildCall): Uint8Array {
  return inputBytes([id, decode(input)], workflow)
}

/** The client that a contract makes for the body of a workflow. */
export function childClient(scope: BodyScope, contract: unknown): unknown {
  const make: unknown = typeof contract === 'object' && contract !== null ? Reflect.get(contract, asChild) : undefined
  if (typeof make !== 'function') throw new ConfigError('workflow() takes a contract made by defineWorkflow.')
  return make.call(contract, new Children(scope))
}
