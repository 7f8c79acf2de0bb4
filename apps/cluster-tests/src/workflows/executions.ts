import type { SqlTransaction } from '@cruster/core/ports'
import type { Database, Row } from '../database/database.ts'

/** One execution of the workflows that record their steps. */
export interface RecordedExecution {
  readonly id: string
  readonly steps_completed: readonly string[]
  readonly result: string | null
}

/** Names an execution: of an id, which of its. */
export interface Execution {
  readonly id: string
  readonly exec_id: string
}

/** Records a step; with its activity or not at all. */
export async function recordStep(tx: SqlTransaction, { id, exec_id }: Execution, step: string): Promise<void> {
  await tx.query`
    insert into ct_executions (entity_id, exec_id) values (${id}, ${exec_id}) on conflict (entity_id, exec_id) do nothing`
  await tx.query`insert into ct_steps (entity_id, exec_id, step) values (${id}, ${exec_id}, ${step})`
}

export async function recordResult(tx: SqlTransaction, { id, exec_id }: Execution, result: string): Promise<void> {
  await tx.query`
    insert into ct_executions (entity_id, exec_id, result) values (${id}, ${exec_id}, ${result})
    on conflict (entity_id, exec_id) do update set result = excluded.result`
}

/** Executions of an id, oldest first. */
export async function executionsOf({ rows }: Database, id: string): Promise<readonly RecordedExecution[]> {
  const executions = await rows('select exec_id, result from ct_executions where entity_id = ? order by position', [id])
  const steps = await rows('select exec_id, step from ct_steps where entity_id = ? order by position', [id])
  return executions.map((row) => recorded(row, steps))
}

function recorded({ exec_id, result }: Row, steps: readonly Row[]): RecordedExecution {
  const own = steps.filter((step) => step['exec_id'] === exec_id).map(({ step }) => String(step))
  return { id: String(exec_id), steps_completed: own, result: typeof result === 'string' ? result : null }
}
