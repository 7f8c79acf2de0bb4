import type { ClientFactory, ClientHost, Connectable } from '@cruster/core'
import { encode, encodeError, encodeExit } from '@cruster/core'
import type { Exit } from '@cruster/core'
import { parseDeferredToken } from '../protocol/deferred-token.ts'
import { executionContract } from '../protocol/execution-contract.ts'
import { ExecutionCalls } from './execution-calls.ts'
import type { Resolution } from './workflow-run.ts'
import { resolution } from './workflow-run-client.ts'

/** Whoever makes clients: a runner, a cluster client, the context of a handler or of a workflow. */
export interface MakesClients {
  readonly client: ClientFactory | ClientFactory<'public' | 'protected'>
}

/**
 * Gives a deferred its value, by the token that `ctx.deferred(name).token` gave: from any process that can reach the cluster,
 * such as the handler of a web hook. The first value wins. Resolves when it is recorded.
 *
 * @throws CodecError when the token is none, ExecutionNotFound when its execution is not kept any more.
 */
export function resolveDeferred(host: MakesClients, token: string, value?: unknown): Promise<Resolution> {
  return conclude(host, token, { kind: 'success', value: encode(value, 'the value of a deferred') })
}

/** As {@link resolveDeferred}, with an error, which is thrown to who waits for the deferred. */
export function rejectDeferred(host: MakesClients, token: string, error: Error): Promise<Resolution> {
  return conclude(host, token, { kind: 'failure', error: encodeError(error) })
}

async function conclude({ client }: MakesClients, token: string, exit: Exit): Promise<Resolution> {
  const { type, id, name } = parseDeferredToken(token)
  const calls = client(executionsOf(type))
  return resolution(await calls.ask(id, { kind: 'resolve', name, exit: encodeExit(exit) }))
}

function executionsOf(type: string): Connectable<ExecutionCalls> {
  return { connect: (host: ClientHost) => new ExecutionCalls(host, executionContract(type), type) }
}
