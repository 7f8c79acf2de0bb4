import type { EntityAddress } from '@cruster/core'
import { decode, encodeCanonical, requestDigest } from '@cruster/core'
import type { NewMessage, Operation } from '@cruster/core/ports'
import type { EntityScope } from '@cruster/sharding/extension'
import type { ChildCall } from '../context/child-port.ts'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import { executionContract } from '../protocol/execution-contract.ts'
import type { ExecutionEvent, ParentLink, StartMessage } from '../protocol/execution-message.ts'

/** How long a message of an execution is kept after it was handled. Nobody asks for it; it is there for people who look. */
const keptMs = 60_000

interface To {
  readonly contract: ExecutionContract
  readonly id: string
}

/** Makes the messages that an execution sends, to itself and to others. */
export class Outgoing {
  readonly #scope: EntityScope
  readonly #contract: ExecutionContract

  constructor(scope: EntityScope, contract: ExecutionContract) {
    this.#scope = scope
    this.#contract = contract
  }

  /** To the execution itself. */
  own(event: ExecutionEvent, dueAt?: number): NewMessage {
    return this.#event({ contract: this.#contract, id: this.#scope.address.id }, event, dueAt)
  }

  /** To an execution whose contract is known. */
  event(contract: ExecutionContract, id: string, event: ExecutionEvent): NewMessage {
    return this.#event({ contract, id }, event)
  }

  /** To an execution whose place is known. */
  tell(address: EntityAddress, event: ExecutionEvent): NewMessage {
    const { shard, type, id } = address
    const message = this.#event({ contract: executionContract(type), id }, event)
    return { ...message, address: { shard, type, id } }
  }

  /** Starts a child. Its id is that of the call, or is made of the parent's id and its step. */
  start(call: ChildCall, { run, step }: { readonly run: number; readonly step: number }): NewMessage {
    const { contract, input, version } = call
    const parent: ParentLink = { ...this.#scope.address, run, step }
    const id = call.id ?? `${this.#scope.address.id}.${run}.${step}`
    const digest = requestDigest(call.workflow, encodeCanonical(decode(input)))
    const message: StartMessage = { input, digest, version, parent }
    const target = { contract, id, name: 'start', method: contract.methods.start }
    return { ...this.#scope.message(target, message), retainMs: keptMs }
  }

  #event({ contract, id }: To, event: ExecutionEvent, dueAt?: number): NewMessage {
    const target = { contract, id, name: 'event', method: contract.methods.event }
    const due = dueAt === undefined ? {} : { due: { at: dueAt } }
    return { ...this.#scope.message(target, event, due), retainMs: keptMs }
  }
}

export const save = (message: NewMessage): Operation => ({ kind: 'saveMessage', message, ifNew: true })
