import type { CallTarget, ClientHost, EntityClient } from '@cruster/core'
import { ExecutionNotFound, IdempotencyConflict, encode } from '@cruster/core'
import type { ExecutionContract, ExecutionMethods } from '../protocol/execution-contract.ts'
import { startKey } from '../protocol/execution-contract.ts'
import type { EventReceipt, ExecutionEvent, StartMessage } from '../protocol/execution-message.ts'
import type { ExecutionStatus } from '../protocol/inspection.ts'
import type { ResultAnswer, ResultQuestion } from '../protocol/result.ts'
import type { StartRequest } from './start-request.ts'
import type { AskResult, Patience } from './wait-for-result.ts'
import { waitForResult } from './wait-for-result.ts'
import type { StartOptions } from './workflow-client.ts'
import type { SignalOptions } from './workflow-run.ts'

const pageSize = 500

/** Which result is asked for. */
type Expectation = Omit<ResultQuestion, 'waitMs'>

/** The calls that clients make to executions of one type. */
export class ExecutionCalls {
  readonly #host: ClientHost
  readonly #contract: ExecutionContract
  readonly #entities: EntityClient<ExecutionMethods>
  readonly #workflow: string

  constructor(host: ClientHost, contract: ExecutionContract, workflow: string) {
    this.#host = host
    this.#contract = contract
    this.#entities = host.client(contract)
    this.#workflow = workflow
  }

  /** Resolves when the start is stored. */
  start({ id, input, digest }: StartRequest, { version, transaction }: StartOptions = {}): Promise<unknown> {
    // In the order of canonical data, so that the digest of the message is that of its bytes.
    const message = { digest, input, ...(version !== undefined && { version }) }
    return this.#start(id, message, transaction)
  }

  /** Starts an execution with the first steps of another one. */
  async fork(
    id: string,
    source: { readonly id: string; readonly beforeStep: number },
    version?: number,
  ): Promise<void> {
    const nothing = new Uint8Array()
    await this.#start(id, { input: nothing, digest: nothing, fork: source, ...(version !== undefined && { version }) })
  }

  /** Tells an execution something; resolves when that is stored. */
  async tell(id: string, event: ExecutionEvent, options: SignalOptions = {}): Promise<void> {
    await this.#entities.notify(id).event(event, options)
  }

  /** Tells an execution something; resolves when it is recorded there. @throws ExecutionNotFound when there is none. */
  async ask(id: string, event: ExecutionEvent): Promise<EventReceipt> {
    const receipt = await this.#entities.get(id).event(event)
    if (receipt === 'unknown') throw this.#notFound(id)
    return receipt
  }

  /**
   * Waits for the end, and reads the exit. Rejects with what that throws, with ExecutionNotFound, IdempotencyConflict, and what
   * {@link waitForResult} throws.
   */
  result<Output>(
    id: string,
    expected: Expectation,
    { timeout, signal, read }: Patience & { readonly read: (exit: Uint8Array) => Output },
  ): Promise<Output> {
    const what = `${this.#workflow}/${id}`
    const target = this.#target(id, 'result')
    const ask: AskResult = ({ waitMs }, call) => {
      const { isExpected, digest } = expected
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the method's contract says so
      return this.#host.port.call(target, { isExpected, digest, waitMs }, call) as Promise<ResultAnswer>
    }
    return waitForResult(this.#host, { timeout, signal, what, ask, read: (answer) => read(this.#exitOf(id, answer)) })
  }

  /** Through the port, without the handle of a client: two objects and two promises less for each execution. */
  #target(id: string, name: 'start' | 'result'): CallTarget {
    return { contract: this.#contract, id, name, method: this.#contract.methods[name] }
  }

  #exitOf(id: string, answer: ResultAnswer): Uint8Array {
    if (answer.kind === 'ended') return answer.exit
    if (answer.kind === 'conflict') throw new IdempotencyConflict(`${this.#workflow}/${id}`, 'start')
    throw this.#notFound(id)
  }

  poll(id: string): Promise<ResultAnswer> {
    return this.#entities.get(id).result({ waitMs: 0, isExpected: false })
  }

  status(id: string): Promise<ExecutionStatus | undefined> {
    return this.#entities.get(id).status()
  }

  query(id: string, name: string, input: unknown): Promise<Uint8Array> {
    return this.#entities.get(id).query({ name, input: encode(input, `the input of query ${name}`) })
  }

  /** All recorded entries. @throws ExecutionNotFound when there are none. */
  async history(id: string): Promise<readonly Uint8Array[]> {
    const all: Uint8Array[] = []
    for (;;) {
      const { entries, size } = await this.#entities.get(id).history({ after: all.length, limit: pageSize })
      all.push(...entries)
      if (size === 0) throw this.#notFound(id)
      if (all.length >= size || entries.length === 0) return all
    }
  }

  #start(id: string, message: StartMessage, transaction?: StartOptions['transaction']): Promise<unknown> {
    const options = { idempotencyKey: startKey, ...(transaction !== undefined && { transaction }) }
    return this.#host.port.send(this.#target(id, 'start'), message, options)
  }

  #notFound(id: string): ExecutionNotFound {
    return new ExecutionNotFound(`${this.#workflow}/${id}`)
  }
}
