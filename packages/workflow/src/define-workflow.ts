import type { ClientHost, ErrorSpecs, NoErrors, SchemaTypes, VoidSchema } from '@cruster/core'
import { ConfigError, errorClasses, parseDuration } from '@cruster/core'
import type { RunnerHost } from '@cruster/sharding/extension'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ChildClientImplementation } from './client/create-child-client.ts'
import { WorkflowClientImplementation } from './client/create-workflow-client.ts'
import { installDirectory } from './client/execution-directory.ts'
import type { ChildPort } from './context/child-port.ts'
import { asChild } from './context/child-port.ts'
import type { AnyActivityGroup } from './contract/activity-group.ts'
import type { Activities } from './contract/activity-handlers.ts'
import { checkActivities, checkContractName } from './contract/check-contract.ts'
import type { Queries } from './contract/query.ts'
import type { Signals } from './contract/signal.ts'
import type { AnyWorkflow, Parts, WorkflowContract, WorkflowOptions } from './contract/workflow-contract.ts'
import { workflowImplementation } from './contract/workflow-implementation.ts'
import type { Nothing, WorkflowParts } from './contract/workflow-types.ts'
import { installWorkflow } from './engine/install-workflow.ts'
import type { WorkflowProgram } from './engine/workflow-program.ts'
import { defaultLimits, defaultRetainMs } from './engine/workflow-program.ts'
import { executionContract, workflowType } from './protocol/execution-contract.ts'

/**
 * Declares a workflow. Its types come from what it is declared with: schemas, or `typed<Order>()` where nothing is to be
 * checked.
 *
 * @throws ConfigError when a name or an option cannot work.
 */
export function defineWorkflow<
  Input extends StandardSchemaV1 = VoidSchema,
  Output extends StandardSchemaV1 = VoidSchema,
  const A extends Activities = Nothing,
  const G extends readonly AnyActivityGroup[] = readonly [],
  const S extends Signals = Nothing,
  const Q extends Queries = Nothing,
  const E extends ErrorSpecs = NoErrors,
>(
  name: string,
  options: WorkflowOptions<Input, Output, Parts<A, G, S, Q, E>> = {},
): WorkflowContract<SchemaTypes<Input, Output>, Parts<A, G, S, Q, E>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- copies of the options; implement has two overloads
  return contractOf(name, options) as WorkflowContract<SchemaTypes<Input, Output>, Parts<A, G, S, Q, E>>
}

function contractOf(name: string, options: AnyOptions = {}): AnyWorkflow {
  const parts = contractParts(name, options)
  const execution = executionContract(workflowType(name), { shardGroup: parts.settings.shardGroup })
  const connect = (host: ClientHost): unknown => new WorkflowClientImplementation(host, contract, execution)
  const install = (host: RunnerHost, program: WorkflowProgram): unknown => {
    installWorkflow(host, program)
    installDirectory(host)
    return connect(host)
  }
  const limits = Object.freeze({ ...defaultLimits, ...options.limits })
  const contract = Object.freeze({
    ...parts,
    connect,
    [asChild]: (port: ChildPort) => new ChildClientImplementation({ contract, execution, port }),
    implement: (given: unknown) => workflowImplementation({ contract, execution, limits, install }, given),
  })
  return contract
}

type AnyOptions = Partial<WorkflowOptions<StandardSchemaV1, StandardSchemaV1, WorkflowParts>>

function contractParts(name: string, options: AnyOptions): AnyWorkflow {
  const { activities = {}, groups = [], version = 1, shardGroup = 'default' } = options
  checkActivities('workflow', name, activities)
  checkContractName('shard group', shardGroup)
  checkClashes(name, activities, groups)
  checkVersion(name, version)
  return {
    kind: 'workflow',
    name,
    version,
    input: options.input,
    output: options.output,
    key: options.key,
    activities: Object.freeze({ ...activities }),
    groups: Object.freeze([...groups]),
    signals: Object.freeze({ ...options.signals }),
    queries: Object.freeze({ ...options.queries }),
    errors: errorClasses(options.errors),
    settings: Object.freeze({
      shardGroup,
      retentionMs: parseDuration(options.retention ?? defaultRetainMs, 'retention'),
    }),
  }
}

function checkVersion(name: string, version: number): void {
  if (Number.isInteger(version) && version >= 1) return
  throw new ConfigError(`version of ${name} must be a whole number from 1; it is ${version}.`)
}

function checkClashes(name: string, activities: Activities, groups: readonly AnyActivityGroup[]): void {
  const owners = new Map(Object.keys(activities).map((activity) => [activity, name]))
  for (const group of groups) {
    for (const activity of Object.keys(group.activities)) {
      const owner = owners.get(activity)
      if (owner !== undefined) {
        throw new ConfigError(
          `${name} has two activities named ${activity}: from ${owner} and from ${group.name}. Rename one.`,
        )
      }
      owners.set(activity, group.name)
    }
  }
}
