import type { AnyEntity, CallTarget, ClientHost, EntityAddress } from '@cruster/core'
import type { Fence, Logger, NewMessage, Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'
import { clientHost } from '../client/client-factory.ts'
import { guardedPort } from '../client/guarded-port.ts'
import type { EntityHost } from '../entity/entity-host.ts'
import type { ClientOptions, EntityScope, HeldState, MessageOptions } from '../extension/native-entity.ts'
import type { Services } from '../runner/services.ts'
import type { FencedUnits } from '../shard/fenced-units.ts'
import type { Ending } from './ending.ts'

export interface NativeScopeParts {
  readonly address: EntityAddress
  readonly host: EntityHost
  readonly life: ScopedLife
  readonly ending: Ending
  readonly units: FencedUnits
}

/** The life that a scope belongs to. */
export interface ScopedLife {
  /** Made when it is first needed. */
  log(): Logger
  hold(): () => void
  restart(reason: Error): void
}

/** What one native entity in memory is offered. */
export class NativeScope implements EntityScope {
  readonly address: EntityAddress
  readonly fence: Fence
  readonly services: Services
  readonly #host: EntityHost
  readonly #life: ScopedLife
  readonly #units: FencedUnits
  readonly #ending: Ending

  constructor({ address, host, life, ending, units }: NativeScopeParts) {
    this.address = address
    this.fence = host.fence
    this.services = host.services
    this.#ending = ending
    this.#host = host
    this.#life = life
    this.#units = units
  }

  get log(): Logger {
    return this.#life.log()
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  commit(operations: readonly Operation[]): Promise<UnitResult> {
    return this.#units.commit(operations)
  }

  hold(): () => void {
    return this.#life.hold()
  }

  restart(reason: Error): void {
    this.#life.restart(reason)
  }

  async begin(signal: AbortSignal): Promise<StorageTransaction> {
    return this.#units.begin(signal)
  }

  mayExecute(): boolean {
    return !this.#ending.isOver && this.#host.mayExecute()
  }

  clients({ outbox, caller = this.address }: ClientOptions = {}): ClientHost {
    const port = this.#host.clientPort({ origin: 'entity', caller, chain: [], outbox })
    const what = `an instance of ${this.address.type}/${this.address.id}`
    return clientHost({ port: guardedPort(port, what, () => this.#ending.isOver), services: this.services })
  }

  message(target: CallTarget, input: unknown, options: MessageOptions = {}): NewMessage {
    return this.#host.message({ target, input, options, caller: this.address })
  }

  async stateOf(contract: AnyEntity, id: string): Promise<HeldState> {
    return this.#host.stateOf(contract, id)
  }
}
