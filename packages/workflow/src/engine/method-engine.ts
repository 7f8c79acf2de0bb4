import type { AnyEntity, EntityImplementation, MethodEngine, RawHandlers, RpcContext, Methods } from '@cruster/core'
import { ConfigError, encode, encodeCanonical, requestDigest } from '@cruster/core'
import type { RunnerHost } from '@cruster/sharding/extension'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import {
  entityIdOf,
  executionContract,
  methodExecutionId,
  methodType,
  startKey,
} from '../protocol/execution-contract.ts'
import type { StartMessage } from '../protocol/execution-message.ts'
import { continuation } from './continuation.ts'
import { installWorkflow } from './install-workflow.ts'
import type { WorkflowProgram } from './workflow-program.ts'
import { defaultLimits, defaultRetainMs } from './workflow-program.ts'

/** Executes the workflow methods of entities. */
export const methodEngine: MethodEngine = Object.freeze({
  adopt(host: unknown, implementation: EntityImplementation): EntityImplementation {
    const { contract } = implementation
    if (contract.traits.some(({ methods }) => workflowMethods(methods).length > 0)) {
      throw new ConfigError(`A trait of ${contract.name} has workflow methods. Declare them on the entity.`)
    }
    const bodies: Record<string, (context: never, input: unknown) => unknown> = {}
    const programs = workflowMethods(contract.methods).map((name) => methodProgram(contract, name, bodies))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only runners call it, with themselves
    for (const program of programs) installWorkflow(host as RunnerHost, program)
    const bind = (deps: unknown): RawHandlers => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever registers it passes what it needs
      const handlers = implementation.bind(deps as never)
      const starters = programs.map((program) => [nameOf(program), starter(program)] as const)
      for (const [name] of starters) bodies[name] = bodyOf(handlers, name)
      return { ...handlers, ...Object.fromEntries(starters) }
    }
    return { ...implementation, bind }
  },
})

function workflowMethods(methods: Methods): readonly string[] {
  return Object.entries(methods).flatMap(([name, { kind }]) => (kind === 'workflow' ? [name] : []))
}

const nameOf = ({ workflow }: WorkflowProgram): string => workflow.slice(workflow.indexOf('.') + 1)

function bodyOf(handlers: RawHandlers, name: string): (context: never, input: unknown) => unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract typed the handler when it was bound
  return handlers[name] as unknown as (context: never, input: unknown) => unknown
}

function methodProgram(
  entity: AnyEntity,
  name: string,
  bodies: Readonly<Record<string, (context: never, input: unknown) => unknown>>,
): WorkflowProgram {
  return Object.freeze({
    contract: methodContract(entity, name),
    workflow: `${entity.name}.${name}`,
    version: 1,
    activities: new Map(),
    run: (context: never, input: unknown) => bodies[name]?.(context, input),
    output: entity.methods[name]?.output,
    errors: entity.errors,
    retainMs: entity.methods[name]?.retainMs ?? defaultRetainMs,
    limits: defaultLimits,
    entity,
  })
}

function methodContract(entity: AnyEntity, name: string): ExecutionContract {
  return executionContract(methodType(entity.name, name), {
    shardGroup: entity.settings.shardGroup,
    placedWith: (id) => ({ contract: entity, id: entityIdOf(id) }),
    errors: entity.errors,
  })
}

/** The handler that the entity has of a workflow method: stores the start together with its own answer, which says where to ask. */
function starter({ contract, workflow }: WorkflowProgram) {
  return async (context: RpcContext<unknown, Methods>, input: unknown): Promise<unknown> => {
    const id = methodExecutionId(context.id, context.request.id)
    const digest = requestDigest(workflow, encodeCanonical(input))
    const message: StartMessage = { input: encode(input, `the input of ${workflow}`), digest }
    await context.client(contract).notify(id).start(message, { idempotencyKey: startKey })
    return continuation({ type: contract.name, id }, 0)
  }
}
