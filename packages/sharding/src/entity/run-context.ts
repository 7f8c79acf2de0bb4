import type {
  AnyEntity,
  Calls,
  EntityAddress,
  EntityClient,
  EntityMethods,
  Epoch,
  Methods,
  RequestInfo,
} from '@cruster/core'
import type { HandlerLog } from '@cruster/core'
import { ConfigError, Interrupted } from '@cruster/core'
import type { Logger, SqlTransaction } from '@cruster/core/ports'
import type { ClientPort } from '../client/client-port.ts'
import { createEntityClient } from '../client/entity-client.ts'
import { handlerLog } from './handler-log.ts'
import type { StatePart } from './registered-entity.ts'

/** What a run offers its handlers, beside their state. */
export interface RunScope {
  readonly address: EntityAddress
  readonly epoch: Epoch
  readonly request: RequestInfo
  readonly signal: AbortSignal
  readonly log: Logger
  readonly port: ClientPort
  readonly tx: SqlTransaction | undefined
  readonly self: Calls<Methods>
  /** The state of a part at this moment: a draft in an activity, frozen elsewhere. */
  state(part: StatePart): unknown
  changes(part: StatePart): AsyncIterable<unknown>
  noTransaction(): never
  readonly isOver: boolean
}

/** The context that a handler destructures. Getters, so that a handler pays for what it takes. */
export class RunContext {
  readonly #scope: RunScope
  readonly #part: StatePart
  readonly resume: unknown

  constructor(scope: RunScope, part: StatePart, resume?: unknown) {
    this.#scope = scope
    this.#part = part
    this.resume = resume
  }

  get id(): string {
    return this.#scope.address.id
  }

  get address(): EntityAddress {
    return this.#scope.address
  }

  get epoch(): Epoch {
    return this.#scope.epoch
  }

  get request(): RequestInfo {
    return this.#scope.request
  }

  get signal(): AbortSignal {
    return this.#scope.signal
  }

  get log(): HandlerLog {
    return handlerLog(this.#scope.log)
  }

  get state(): unknown {
    return this.#scope.state(this.#part)
  }

  get changes(): () => AsyncIterable<unknown> {
    return () => this.#scope.changes(this.#part)
  }

  get tx(): SqlTransaction {
    return this.#scope.tx ?? this.#scope.noTransaction()
  }

  get self(): Calls<Methods> {
    return this.#scope.self
  }

  get client(): <C extends AnyEntity>(contract: C) => EntityClient<EntityMethods<C>, 'public' | 'protected'> {
    return (contract) => {
      if (contract?.kind !== 'entity') throw new ConfigError('client() takes a contract made by defineEntity.')
      return createEntityClient(contract, guarded(this.#scope), ['public', 'protected'])
    }
  }
}

/** Refuses calls of a handler that goes on after its run has ended: nobody would see or undo their effects. */
function guarded(scope: RunScope): ClientPort {
  const open = (): ClientPort => {
    if (scope.isOver)
      throw new Interrupted(`a handler of ${scope.address.type}/${scope.address.id} that has ended`, {
        outcome: 'not-started',
      })
    return scope.port
  }
  return {
    call: async (target, input, options) => open().call(target, input, options),
    stream: (target, input, options) => open().stream(target, input, options),
    send: async (target, input, options) => open().send(target, input, options),
    cancel: async (entity, message) => open().cancel(entity, message),
  }
}
