import type { StoredExecution } from '@cruster/core/ports'
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
  const found = await services.storage.executions.find(address)
  if (found !== undefined) return known(core, found)
  const start = await findPending()
  if (start !== undefined) return pending(core, start)
  // It may have been handled between the two looks.
  const again = await services.storage.executions.find(address)
  return again === undefined ? undefined : known(core, again)
}

async function known(core: ExecutionCore, found: StoredExecution): Promise<ExecutionStatus> {
  const { workflow, version, status, startedAt, updatedAt, endedAt, parent, address } = found
  const { type, id } = address
  const note = found.note ?? (endedAt === undefined ? await waitsFor(core, version) : undefined)
  return { type, id, workflow, version, status, startedAt, updatedAt, endedAt, parent, note }
}

function pending(core: ExecutionCore, { storedAt, version: asked }: PendingStart): ExecutionStatus {
  const { type, id } = core.scope.address
  const newest = core.registry.newest()
  const version = asked ?? newest?.version ?? 0
  const times = { startedAt: storedAt, updatedAt: storedAt }
  const workflow = newest?.workflow ?? type
  return { type, id, workflow, version, status: 'pending', ...times, note: waitsForVersion(core, version) }
}

async function waitsFor(core: ExecutionCore, version: number): Promise<string | undefined> {
  return waitsForVersion(core, version) ?? (await waitsForSteps(core))
}

function waitsForVersion({ registry }: ExecutionCore, version: number): string | undefined {
  if (registry.get(version) !== undefined) return undefined
  return `waits for version ${version}; its owner has ${registry.versions.join(', ')}`
}

/** What the body waits for, for people. One that is not in memory is run over what is stored. */
async function waitsForSteps(core: ExecutionCore): Promise<string | undefined> {
  const run = core.run ?? (await core.inspectStored())
  const open = [...(run?.replay.open ?? [])].map((operation) => {
    const text = stepText(operation, operation.occurrence)
    return operation.dueAt === undefined ? text : `${text} until ${new Date(operation.dueAt).toISOString()}`
  })
  return open.length === 0 ? undefined : `waits for ${open.slice(0, 5).join(', ')}`
}
