import type { ExecutionRef } from '@cruster/core'
import type { Clock, Logger, Random } from '@cruster/core/ports'
import type { ClientHost, EntityScope } from '@cruster/sharding/extension'
import type { BodyScope, OwnEntity } from '../context/body-scope.ts'
import type { Task } from '../context/task.ts'
import type { Replay } from '../replay/replay.ts'
import type { WorkflowProgram } from './workflow-program.ts'

interface RunParts {
  readonly program: WorkflowProgram
  readonly replay: Replay<Task>
  readonly entity: OwnEntity | undefined
  /** See {@link BodyScope.asked}. */
  readonly asked: () => void
}

/** What one run of an execution works on. What most bodies do not need is made when it is first asked for. */
export class RunScope implements BodyScope {
  readonly program: WorkflowProgram
  readonly replay: Replay<Task>
  readonly entity: OwnEntity | undefined
  readonly asked: () => void
  readonly compensations: (() => unknown)[] = []
  continueWith: Uint8Array | undefined
  readonly #scope: EntityScope
  #log: Logger | undefined
  #queries: Map<string, (input: unknown) => unknown> | undefined

  constructor(scope: EntityScope, { program, replay, entity, asked }: RunParts) {
    this.#scope = scope
    this.program = program
    this.replay = replay
    this.entity = entity
    this.asked = asked
  }

  get execution(): ExecutionRef {
    return this.#scope.address
  }

  get parent(): ExecutionRef | undefined {
    const [parent] = this.replay.started.parents
    return parent === undefined ? undefined : { type: parent.type, id: parent.id }
  }

  get clock(): Clock {
    return this.#scope.services.clock
  }

  get random(): Random {
    return this.#scope.services.random
  }

  get log(): Logger {
    const { services, address } = this.#scope
    this.#log ??= services.log.with({ workflow: this.program.workflow, execution: address.id })
    return this.#log
  }

  get queries(): Map<string, (input: unknown) => unknown> {
    this.#queries ??= new Map()
    return this.#queries
  }

  clients(): ClientHost {
    return this.#scope.clients(this.entity === undefined ? {} : { caller: this.entity.address })
  }
}
