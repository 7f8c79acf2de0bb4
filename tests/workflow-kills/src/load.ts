import type { ClusterClient } from '@cruster/sharding'
import type { Ended } from './audit.ts'
import { Approval, Family, Naps, Order, Saga, Stubborn } from './contracts.ts'
import type { Ending, Kind } from './expected.ts'
import { kinds } from './expected.ts'

const contracts = { Order, Naps, Family, Saga, Stubborn }

interface Execution {
  readonly kind: Kind
  readonly id: string
  readonly ending: Promise<Ending>
}

/** Starts executions of all kinds, and waits for their ends. */
export class Load {
  readonly #client: ClusterClient
  readonly #executions: Execution[] = []
  #ended = 0

  constructor(client: ClusterClient) {
    this.#client = client
  }

  get started(): number {
    return this.#executions.length
  }

  get ended(): number {
    return this.#ended
  }

  /** Starts one more of each kind. */
  startOneEach(): void {
    for (const kind of kinds) {
      const id = `${kind.toLowerCase()}-${this.started}`
      const ending = this.#execute(kind, id)
      void ending.then(() => (this.#ended += 1))
      this.#executions.push({ kind, id, ending })
    }
  }

  /** How all of them ended; undefined for those that have not when the signal aborts. */
  async finish(signal: AbortSignal): Promise<readonly Ended[]> {
    const late = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
    return Promise.all(
      this.#executions.map(async ({ kind, id, ending }) => ({
        kind,
        execution: id,
        ending: await Promise.race([ending, late]),
      })),
    )
  }

  async #execute(kind: Kind, id: string): Promise<Ending> {
    try {
      if (kind === 'Approval') await this.#approve(id)
      const client = this.#client.client(kind === 'Approval' ? Approval : contracts[kind])
      return { kind: 'completed', output: await untilAnswered(() => client.execute(id)) }
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Signals may come before anybody waits for them; sent again under the same key they count once. */
  async #approve(id: string): Promise<void> {
    const approvals = this.#client.client(Approval)
    const run = await untilAnswered(() => approvals.start(id))
    for (const value of [1, 2]) {
      await untilAnswered(() => run.signal('approve', value, { idempotencyKey: `${id}/${value}` }))
    }
  }
}

/** Calls again while the cluster does not answer: starts and signals may be repeated. */
async function untilAnswered<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['DEADLINE_EXCEEDED', 'RUNNER_UNAVAILABLE'].includes(String(error.code))
  )
}
