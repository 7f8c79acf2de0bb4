import type { CallOptions, CallTarget, ClientHost, ClientPort, Due, ScheduledMessage, SendOptions } from '@cruster/core'
import { ConfigError, isCrusterError, requestId, retryPolicy } from '@cruster/core'
import { createEntityClient } from '@cruster/sharding/extension'
import { ask, inputBytes } from './asking.ts'
import type { BodyScope } from './body-scope.ts'

/** How calls are repeated that the surroundings made fail. */
const callRetry = retryPolicy({ attempts: 20, initial: '200ms', maximum: '1 minute' })

/** Trouble on the way, after which a call that is recorded under its key can be made again. */
const passing: ReadonlySet<string> = new Set([
  'RUNNER_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'DISCOVERY',
  'FENCED',
  'INTERRUPTED',
  'MAILBOX_FULL',
  'SHUTTING_DOWN',
  'STORAGE',
])

/** Calls from the body of a workflow: each is a recorded step. */
export class DurableClientPort implements ClientPort {
  readonly #scope: BodyScope

  constructor(scope: BodyScope) {
    this.#scope = scope
  }

  call(target: CallTarget, input: unknown, options: CallOptions): Promise<unknown> {
    const { contract, id, name, method } = target
    const isRecorded = method.kind === 'activity' || method.persisted
    const { clients } = this.#scope
    return ask(this.#scope, {
      kind: 'call',
      name: `${contract.name}.${name}`,
      input: inputBytes([id, input, options.idempotencyKey], `${contract.name}.${name}`),
      task: {
        kind: 'attempt',
        invoke: ({ idempotencyKey, signal }) =>
          clients().port.call(target, input, { signal, ...(isRecorded && { idempotencyKey }), ...options }),
        retry: callRetry,
        timeoutMs: undefined,
        heartbeatMs: undefined,
        wrapsErrors: false,
        isPassing: (error) =>
          isCrusterError(error) && passing.has(error.code) && (isRecorded || error.outcome === 'not-started'),
      },
    })
  }

  stream(target: CallTarget): AsyncIterable<unknown> {
    throw new ConfigError(
      `${target.contract.name}.${target.name} is a stream, which a workflow cannot record. Read it in an activity.`,
    )
  }

  async send(
    target: CallTarget,
    input: unknown,
    options: SendOptions & { readonly due?: Due },
  ): Promise<ScheduledMessage> {
    const { contract, id, name } = target
    const message = await ask(this.#scope, {
      kind: 'send',
      name: `${contract.name}.${name}`,
      input: inputBytes([id, input, options.idempotencyKey, options.due], `${contract.name}.${name}`),
      task: { kind: 'send', target, input, options },
    })
    const sent = requestId(String(message))
    return { id: sent, cancel: () => this.cancel(target, sent) }
  }

  async cancel(entity: Pick<CallTarget, 'contract' | 'id'>, message: ScheduledMessage['id']): Promise<boolean> {
    const { clients } = this.#scope
    const isCancelled = await ask(this.#scope, {
      kind: 'call',
      name: `${entity.contract.name} cancel`,
      input: inputBytes([entity.id, message], 'a cancellation'),
      task: {
        kind: 'attempt',
        invoke: () => clients().port.cancel(entity, message),
        retry: callRetry,
        timeoutMs: undefined,
        heartbeatMs: undefined,
        wrapsErrors: false,
        isPassing: (error) => isCrusterError(error) && passing.has(error.code),
      },
    })
    return isCancelled === true
  }
}

/** `ctx.client`: of entities, and of contracts that make their own. */
export function durableClient(scope: BodyScope): (contract: unknown) => unknown {
  const port = new DurableClientPort(scope)
  const client: ClientHost['client'] = (contract) => createEntityClient(contract, port, ['public'])
  const host: ClientHost = { client, port, services: scope.clients().services }
  return (contract) => {
    if (isConnectable(contract)) return contract.connect(host)
    if (isEntity(contract)) return createEntityClient(contract, port, ['public', 'protected'])
    throw new ConfigError('client() takes a contract made by defineEntity or defineWorkflow.')
  }
}

function isConnectable(contract: unknown): contract is { readonly connect: (host: ClientHost) => unknown } {
  return typeof contract === 'object' && contract !== null && 'connect' in contract
}

function isEntity(contract: unknown): contract is CallTarget['contract'] {
  return typeof contract === 'object' && contract !== null && 'kind' in contract && contract.kind === 'entity'
}
