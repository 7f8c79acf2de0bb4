import type {
  Calls,
  ClientFactory,
  HostServices,
  EntityAddress,
  Epoch,
  HandlerLog,
  Methods,
  RequestInfo,
} from '@cruster/core'
import type { Logger, SqlTransaction } from '@cruster/core/ports'
import type { ClientPort } from '../client/client-port.ts'
import { clientFactory } from '../client/client-factory.ts'
import { guardedPort } from '../client/guarded-port.ts'
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
  readonly services: HostServices
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

  get client(): ClientFactory<'public' | 'protected'> {
    const scope = this.#scope
    const what = `a handler of ${scope.address.type}/${scope.address.id}`
    const port = guardedPort(scope.port, what, () => scope.isOver)
    return clientFactory({ port, services: scope.services }, ['public', 'protected'])
  }
}
