import type { DeferredKey, Exit } from '@cruster/core'
import { ConfigError, decode, decodeExit, encode, encodeError, encodeExit, validate } from '@cruster/core'
import { checkExecutionId } from '../contract/execution-id.ts'
import type { AnyWorkflow } from '../contract/workflow-contract.ts'
import type { EventReceipt, ExecutionEvent } from '../protocol/execution-message.ts'
import { errorOf, outputOf } from './answer.ts'
import type { ExecutionCalls } from './execution-calls.ts'
import { ExecutionHandle } from './execution-handle.ts'
import type { Patience } from './wait-for-result.ts'
import type { ForkOptions, Polled, Resolution, SignalOptions } from './workflow-run.ts'

/** What a run was started with, if this process started it: then a result of another input is not taken for its own. */
type Started = { readonly digest: Uint8Array } | undefined

/** One execution to its callers. Types are those of {@link WorkflowRun}, which the contract's client gives it. */
export class WorkflowRunClient extends ExecutionHandle {
  readonly #contract: AnyWorkflow
  readonly #started: Started

  constructor(contract: AnyWorkflow, calls: ExecutionCalls, { id, started }: { id: string; started?: Started }) {
    super(contract.name, calls, checkExecutionId(contract.name, id))
    this.#contract = contract
    this.#started = started
  }

  result(options: Patience = {}): Promise<unknown> {
    const digest = this.#started?.digest
    const { timeout, signal } = options
    const read = (exit: Uint8Array): unknown => outputOf(exit, this.#contract.errors)
    return this.calls.result(this.executionId, { isExpected: digest !== undefined, digest }, { timeout, signal, read })
  }

  async poll(): Promise<Polled<unknown>> {
    const answer = await this.calls.poll(this.executionId)
    if (answer.kind !== 'ended') return { kind: answer.kind === 'unknown' ? 'unknown' : 'running' }
    const exit = decodeExit(answer.exit)
    if (exit.kind === 'success') return { kind: 'completed', output: decode(exit.value) }
    const kind = answer.status === 'cancelled' ? 'cancelled' : 'failed'
    return { kind, error: errorOf(exit, this.#contract.errors) }
  }

  async signal(name: string, input?: unknown, options: SignalOptions = {}): Promise<void> {
    const event = await signalEvent(this.#contract, name, input)
    await this.calls.tell(this.executionId, event, options)
  }

  async query(name: string, input?: unknown): Promise<unknown> {
    const { queries, name: workflow } = this.#contract
    const declared = member(queries, name, { workflow, what: 'query' })
    const parsed = await validate(declared.input, input, `the input of query ${name} of ${workflow}`)
    const answer = decode(await this.calls.query(this.executionId, name, parsed))
    return validate(declared.output, answer, `the answer of query ${name} of ${workflow}`)
  }

  resolve(deferred: string | DeferredKey<unknown>, value: unknown): Promise<Resolution> {
    const name = nameOf(deferred)
    return this.#resolve(name, { kind: 'success', value: encode(value, `the value of ${name}`) })
  }

  reject(deferred: string | DeferredKey<unknown>, error: Error): Promise<Resolution> {
    return this.#resolve(nameOf(deferred), { kind: 'failure', error: encodeError(error) })
  }

  override async fork(options: ForkOptions): Promise<WorkflowRunClient> {
    const copy = new WorkflowRunClient(this.#contract, this.calls, { id: options.executionId })
    await super.fork(options)
    return copy
  }

  async #resolve(name: string, exit: Exit): Promise<Resolution> {
    return resolution(await this.calls.ask(this.executionId, { kind: 'resolve', name, exit: encodeExit(exit) }))
  }
}

/** What became of a value for a deferred. */
export function resolution(receipt: EventReceipt): Resolution {
  if (receipt === 'alreadyResolved' || receipt === 'ended') return receipt
  return 'resolved'
}

/** The event that carries a declared signal. @throws ConfigError for one that is not declared, ValidationError. */
export async function signalEvent(
  { name: workflow, signals }: AnyWorkflow,
  name: string,
  input: unknown,
): Promise<ExecutionEvent & { readonly kind: 'signal' }> {
  const { schema } = member(signals, name, { workflow, what: 'signal' })
  const parsed = await validate(schema, input, `signal ${name} of ${workflow}`)
  return { kind: 'signal', name, payload: encode(parsed, `signal ${name} of ${workflow}`) }
}

/** What of which contract is asked for, for the error. */
interface Asked {
  readonly workflow: string
  readonly what: string
}

function member<Of>(all: Readonly<Record<string, Of>>, name: string, { workflow, what }: Asked): Of {
  const found = Object.hasOwn(all, name) ? all[name] : undefined
  if (found !== undefined) return found
  const known = Object.keys(all)
  throw new ConfigError(
    `${workflow} declares no ${what} "${name}". ` +
      (known.length > 0 ? `It has: ${known.join(', ')}.` : `It has none: add it to its contract.`),
  )
}

function nameOf(deferred: string | DeferredKey<unknown>): string {
  return typeof deferred === 'string' ? deferred : deferred.name
}
