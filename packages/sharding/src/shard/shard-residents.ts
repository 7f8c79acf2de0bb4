import { RunnerUnavailable } from '@cruster/core'
import type { ClientPort } from '../client/client-port.ts'
import type { NewMessage } from '@cruster/core/ports'
import type { MessageAsk } from '../client/prepared-request.ts'
import { clientHost } from '../client/client-factory.ts'
import { guardedPort } from '../client/guarded-port.ts'
import type { CallScope } from '../entity/entity-host.ts'
import type { ResidentScope, RunningResident, ShardResident } from '../extension/resident.ts'
import { untilAborted } from '../time/until-aborted.ts'
import { within } from '../time/within.ts'
import type { UnitsHost } from './fenced-units.ts'
import { FencedUnits } from './fenced-units.ts'

/** What residents need of their shard. */
export interface ResidentsHost extends UnitsHost {
  mayExecute(): boolean
  clientPort(scope: CallScope): ClientPort
  message(ask: MessageAsk): NewMessage
}

/** What runs on one shard beside its entities, under one ownership. */
export class ShardResidents {
  readonly #host: ResidentsHost
  readonly #live = new Set<LiveResident>()

  constructor(host: ResidentsHost) {
    this.#host = host
  }

  start(resident: ShardResident): void {
    const live = new LiveResident(this.#host, resident)
    this.#live.add(live)
    live.start()
  }

  /** Resolves when all have come to rest, or have been aborted after the termination timeout. Never rejects. */
  async drain(): Promise<void> {
    await Promise.all([...this.#live].map((live) => live.drain()))
  }

  abandon(): void {
    for (const live of this.#live) live.abandon()
  }
}

/** One resident at one owner. */
class LiveResident {
  readonly #host: ResidentsHost
  readonly #resident: ShardResident
  readonly #over = new AbortController()
  readonly #units: FencedUnits
  #running: RunningResident | undefined

  constructor(host: ResidentsHost, resident: ShardResident) {
    this.#host = host
    this.#resident = resident
    this.#units = new FencedUnits(host)
  }

  start(): void {
    this.#guarded('start', () => {
      this.#running = this.#resident.start(this.#scope())
    })
  }

  async drain(): Promise<void> {
    const { clock, config } = this.#host.services
    const drained = untilAborted(this.#over.signal, this.#drained())
    if (!(await within(clock, config.terminationTimeoutMs, drained))) {
      this.#warn('did not come to rest in time; it was aborted.', undefined)
      this.abandon()
    }
    this.#end()
    // Storage may need long for what is under way: the next owner's claim waits for it.
    await within(clock, config.abandonAfterMs, this.#units.settled())
  }

  abandon(): void {
    if (this.#over.signal.aborted) return
    this.#end()
    this.#guarded('abandon', () => this.#running?.abandon())
  }

  async #drained(): Promise<void> {
    try {
      await this.#running?.drain()
    } catch (error) {
      this.#warn('failed in drain().', error)
    }
  }

  #end(): void {
    this.#units.close()
    this.#over.abort(new RunnerUnavailable('the former owner', { outcome: 'unknown' }))
  }

  #scope(): ResidentScope {
    const { services, fence } = this.#host
    const { signal } = this.#over
    const port = this.#host.clientPort({ origin: 'entity', chain: [] })
    return {
      fence,
      services,
      log: services.log.with({ resident: this.#resident.name }),
      signal,
      commit: (operations) => this.#units.commit(operations),
      begin: (aborted) => this.#units.begin(aborted),
      mayExecute: () => !signal.aborted && this.#host.mayExecute(),
      message: (target, input, options = {}) => this.#host.message({ target, input, options }),
      clients: clientHost({ port: guardedPort(port, this.#resident.name, () => signal.aborted), services }),
    }
  }

  #guarded(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#warn(`threw in ${what}().`, error)
    }
  }

  #warn(what: string, error: unknown): void {
    this.#host.services.log.log('error', `${this.#resident.name} ${what}`, { error })
  }
}
