import type { ExecutionStatus } from '../protocol/inspection.ts'
import { stepText } from '../replay/step-text.ts'
import type { ExecutionCore } from './execution-core.ts'

/** What is known of an execution; undefined when there is none. */
export async function statusOf(
  core: ExecutionCore,
  isPending: () => Promise<boolean>,
): Promise<ExecutionStatus | undefined> {
  const { services, address } = core.scope
  const { type, id } = address
  const found = await services.storage.executions.find(address)
  if (found !== undefined) {
    const { workflow, version, status, startedAt, updatedAt, endedAt, parent } = found
    const note = found.note ?? waitsFor(core)
    return { type, id, workflow, version, status, startedAt, updatedAt, endedAt, parent, note }
  }
  if (!(await isPending())) return undefined
  const newest = core.registry.newest()
  const { now: at } = core
  const pending = { status: 'pending', startedAt: at, updatedAt: at } as const
  return { type, id, workflow: newest?.workflow ?? type, version: newest?.version ?? 0, ...pending }
}

/** What a run in memory waits for, for people. */
function waitsFor({ run, isLoaded, recorded }: ExecutionCore): string | undefined {
  if (run === undefined || !isLoaded || recorded.ended !== undefined) return undefined
  const open = [...run.replay.open].map((operation) => {
    const text = stepText(operation, operation.occurrence)
    return operation.dueAt === undefined ? text : `${text} until ${new Date(operation.dueAt).toISOString()}`
  })
  return open.length === 0 ? undefined : `waits for ${open.slice(0, 5).join(', ')}`
}
