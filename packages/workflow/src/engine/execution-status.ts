import type { ExecutionStatus } from '../protocol/inspection.ts'
import { stepText } from '../replay/step-text.ts'
import type { ExecutionCore } from './execution-core.ts'

/** A start that is stored and was not handled. */
export interface PendingStart {
  readonly storedAt: number
  readonly version: number | undefined
}

/** What is known of an execution; undefined when there is none. */
export async function statusOf(
  core: ExecutionCore,
  findPending: () => Promise<PendingStart | undefined>,
): Promise<ExecutionStatus | undefined> {
  const { services, address } = core.scope
  const { type, id } = address
  const found = await services.storage.executions.find(address)
  if (found !== undefined) {
    const { workflow, version, status, startedAt, updatedAt, endedAt, parent } = found
    const isOver = endedAt !== undefined
    const note = found.note ?? (isOver ? undefined : (waitsForVersion(core, version) ?? (await waitsFor(core))))
    return { type, id, workflow, version, status, startedAt, updatedAt, endedAt, parent, note }
  }
  const pending = await findPending()
  if (pending === undefined) return undefined
  const newest = core.registry.newest()
  const { storedAt, version = newest?.version ?? 0 } = pending
  const workflow = newest?.workflow ?? type
  const note = waitsForVersion(core, version)
  return { type, id, workflow, version, status: 'pending', startedAt: storedAt, updatedAt: storedAt, note }
}

function waitsForVersion({ registry }: ExecutionCore, version: number): string | undefined {
  if (registry.get(version) !== undefined) return undefined
  return `waits for version ${version}; its owner has ${registry.versions.join(', ')}`
}

/** What the body waits for, for people. One that is not in memory is run over what is stored. */
async function waitsFor(core: ExecutionCore): Promise<string | undefined> {
  const run = core.run ?? (await core.inspectStored())
  const open = [...(run?.replay.open ?? [])].map((operation) => {
    const text = stepText(operation, operation.occurrence)
    return operation.dueAt === undefined ? text : `${text} until ${new Date(operation.dueAt).toISOString()}`
  })
  return open.length === 0 ? undefined : `waits for ${open.slice(0, 5).join(', ')}`
}
