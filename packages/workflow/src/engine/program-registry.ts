import { ConfigError } from '@cruster/core'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import type { WorkflowProgram } from './workflow-program.ts'

/** The versions of one workflow that a runner has. */
export class ProgramRegistry {
  /** Of the entity that executes them. */
  readonly contract: ExecutionContract
  readonly #programs = new Map<number, WorkflowProgram>()

  constructor(contract: ExecutionContract) {
    this.contract = contract
  }

  /** @throws ConfigError when the version is there, or is placed in another way than the others. */
  add(program: WorkflowProgram): void {
    const { workflow, version, contract } = program
    if (this.#programs.has(version)) {
      throw new ConfigError(
        `${workflow} is registered twice in version ${version}. Give the new one another \`version\`.`,
      )
    }
    if (this.contract.settings.shardGroup !== contract.settings.shardGroup) {
      throw new ConfigError(`All versions of ${workflow} have to be in one shard group: executions would not be found.`)
    }
    this.#programs.set(version, program)
  }

  get(version: number): WorkflowProgram | undefined {
    return this.#programs.get(version)
  }

  newest(): WorkflowProgram | undefined {
    return this.#programs.get(Math.max(...this.versions))
  }

  get versions(): readonly number[] {
    return [...this.#programs.keys()].toSorted((one, other) => one - other)
  }
}
