import type { EntityScope, NativeEntity, PlacementSettings, RunnerHost } from '@cruster/sharding/extension'
import { Execution, type ExecutionOptions } from './execution.ts'
import { ProgramRegistry } from './program-registry.ts'
import { RestingRuns } from './resting-runs.ts'
import { UnlistedRuns } from './unlisted-runs.ts'
import type { WorkflowProgram } from './workflow-program.ts'

/** What one runner has of workflows. */
interface Engine {
  readonly registries: Map<string, ProgramRegistry>
  readonly resting: RestingRuns
  readonly unlisted: UnlistedRuns
}

const engines = new WeakMap<RunnerHost['services'], Engine>()

/**
 * Has a runner execute a program. Versions of one workflow are installed one by one, in any order.
 *
 * @throws ConfigError when the runner has this version, or the name is taken.
 */
export function installWorkflow(host: RunnerHost, program: WorkflowProgram): void {
  const engine = engineOf(host)
  const type = program.contract.name
  const known = engine.registries.get(type)
  const registry = known ?? new ProgramRegistry(program.contract)
  registry.add(program)
  if (known !== undefined) return
  engine.registries.set(type, registry)
  host.register(executionEntity(host, engine, registry))
}

function engineOf({ services }: RunnerHost): Engine {
  const known = engines.get(services)
  if (known !== undefined) return known
  const unlisted = new UnlistedRuns(services.clock)
  const engine = { registries: new Map<string, ProgramRegistry>(), resting: new RestingRuns(), unlisted }
  engines.set(services, engine)
  return engine
}

function executionEntity(
  { placement }: RunnerHost,
  { resting, unlisted }: Engine,
  registry: ProgramRegistry,
): NativeEntity {
  const shared = { registry, resting, unlisted, placement }
  return { contract: registry.contract, create: (scope) => new Execution(new Parts(scope, shared)) }
}

/** A class, because what a literal makes here V8 takes for long-lived, and with it the whole execution: decision 0012. */
class Parts implements ExecutionOptions {
  readonly scope: EntityScope
  readonly registry: ProgramRegistry
  readonly resting: RestingRuns
  readonly unlisted: UnlistedRuns
  readonly placement: PlacementSettings
  readonly alwaysReplay: boolean

  constructor(
    scope: EntityScope,
    { registry, resting, unlisted, placement }: Omit<ExecutionOptions, 'scope' | 'alwaysReplay'>,
  ) {
    this.scope = scope
    this.registry = registry
    this.resting = resting
    this.unlisted = unlisted
    this.placement = placement
    this.alwaysReplay = registry.newest()?.alwaysReplay === true
  }
}
