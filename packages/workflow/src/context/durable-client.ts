import type {
  AnyMethod,
  CallOptions,
  CallTarget,
  ClientHost,
  ClientPort,
  Due,
  ErrorData,
  ScheduledMessage,
  SendOptions,
} from '@cruster/core'
import { ConfigError, requestId, retryPolicy } from '@cruster/core'
import { createEntityClient } from '@cruster/sharding/extension'
import { ask, inputBytes } from './asking.ts'
import type { FailedAttempt } from '../replay/operation.ts'
import type { BodyScope } from './body-scope.ts'
import type { AttemptTask } from './task.ts'

/** How calls are repeated that the surroundings made fail. */
const callRetry = retryPolicy({ attempts: 20, initial: '200ms', maximum: '1 minute' })

/** Trouble on the way, after which a call can be made again if it is recorded under its key, or was not started. */
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

const isPassing = ({ family, code }: ErrorData): boolean =>
  family === 'cruster' && code !== undefined && passing.has(code)

/** Failures of the method itself. */
const own = (failures: readonly FailedAttempt[]): readonly FailedAttempt[] =>
  failures.filter(({ error }) => !isPassing(error))

/** A call: repeated after trouble on the way, and as its method says when it fails. */
function callTask(method: AnyMethod | undefined, invoke: AttemptTask['invoke']): AttemptTask {
  const isRecorded = method === undefined || method.kind === 'activity' || method.persisted
  return {
    kind: 'attempt',
    invoke,
    retry: undefined,
    timeoutMs: undefined,
    heartbeatMs: undefined,
    wrapsErrors: false,
    policyFor: (error, failures) => {
      const ownFailures = own(failures).length
      if (!isPassing(error)) return { retry: method?.retry, attempt: ownFailures + 1 }
      const mayRepeat = isRecorded || error.outcome === 'not-started'
      return { retry: mayRepeat ? callRetry : undefined, attempt: failures.length - ownFailures + 1 }
    },
  }
}

/** Calls from the body of a workflow: each is a recorded step. */
export class DurableClientPort implements ClientPort {
  readonly #scope: BodyScope

  constructor(scope: BodyScope) {
    this.#scope = scope
  }

  call(target: CallTarget, input: unknown, options: CallOptions): Promise<unknown> {
    const { contract, id, name, method } = target
    const isRecorded = method.kind === 'activity' || method.persisted
    const scope = this.#scope
    return ask(this.#scope, {
      kind: 'call',
      name: `${contract.name}.${name}`,
      input: inputBytes([id, input, options.idempotencyKey], `${contract.name}.${name}`),
      task: callTask(method, ({ idempotencyKey, signal }, failures) => {
        // A failure of the method itself is recorded under its key: another attempt takes another one.
        const key = { idempotencyKey: `${idempotencyKey}/${own(failures).length}` }
        return scope.clients().port.call(target, input, { signal, ...(isRecorded && key), ...options })
      }),
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
    const scope = this.#scope
    const isCancelled = await ask(this.#scope, {
      kind: 'call',
      name: `${entity.contract.name} cancel`,
      input: inputBytes([entity.id, message], 'a cancellation'),
      task: callTask(undefined, () => scope.clients().port.cancel(entity, message)),
    })
    return isCancelled === true
  }
}

/** `ctx.client`: of entities, and of contracts that make their own. */
export function durableClient(scope: BodyScope): (contract: unknown) => unknown {
  const port = new DurableClientPort(scope)
  const client: ClientHost['client'] = (contract) => createEntityClient(contract, port, ['public'])
  const host: ClientHost = {
    client,
    port,
    get services() {
      return scope.clients().services
    },
  }
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
