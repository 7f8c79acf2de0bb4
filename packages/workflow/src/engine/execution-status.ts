import { decode, keyedRequestId } from '@cruster/core'
import type { StoredExecution } from '@cruster/core/ports'
import { startKey } from '../protocol/execution-contract.ts'
import type { StartMessage } from '../protocol/execution-message.ts'
import type { ExecutionStatus } from '../protocol/inspection.ts'
import { stepText } from '../replay/step-text.ts'
import type { ExecutionCore } from './execution-core.ts'
import { RecordedExecution, loadJournal } from './recorded-execution.ts'

interface PendingStart {
  readonly storedAt: number
  readonly version: number | undefined
}

/** A start that is stored and was not handled, or is not concluded because the execution has not rested since. */
export async function pendingStart({ scope }: ExecutionCore): Promise<PendingStart | undefined> {
  const { services, address } = scope
  const found = await services.storage.messages.find(keyedRequestId(address, 'start', startKey))
  if (found?.status !== 'pending') return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this package's clients
  const { version } = decode(found.message.payload) as StartMessage
  return { storedAt: found.message.storedAt, version }
}

/** What is known of an execution; undefined when there is none. */
export async function statusOf(core: ExecutionCore): Promise<ExecutionStatus | undefined> {
  const { services, address } = core.scope
  const found = await services.storage.executions.find(address)
  if (found !== undefined) return known(core, found)
  const begun = await unlisted(core)
  if (begun !== undefined) return begun
  const start = await pendingStart(core)
  if (start !== undefined) return pending(core, start)
  // It may have ended between the looks.
  const again = await services.storage.executions.find(address)
  return again === undefined ? undefined : known(core, again)
}

async function known(core: ExecutionCore, found: StoredExecution): Promise<ExecutionStatus> {
  const { workflow, version, status, startedAt, updatedAt, endedAt, parent, address } = found
  const { type, id } = address
  const note = found.note ?? (endedAt === undefined ? await waitsFor(core, version) : undefined)
  return { type, id, workflow, version, status, startedAt, updatedAt, endedAt, parent, note }
}

/** One that has begun and has no record so far: it is at work here, or was where a crash has ended that. */
async function unlisted(core: ExecutionCore): Promise<ExecutionStatus | undefined> {
  const { services, address } = core.scope
  const stored = async () => new RecordedExecution(address, await loadJournal(services.storage, address))
  const { started, ended, parent, writer } = core.isLoaded ? core.recorded : await stored()
  // What has ended has a record, unless its retention has passed.
  if (started === undefined || (ended !== undefined && writer.isStored)) return undefined
  const { type, id } = address
  const { version, at } = started
  const workflow = core.registry.newest()?.workflow ?? type
  const times = { startedAt: at, updatedAt: at }
  const note = await waitsFor(core, version)
  return { type, id, workflow, version, status: 'running', ...times, parent, note }
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
  if (run === undefined) return undefined
  const open = [...run.replay.open].map((operation) => {
    const text = stepText(operation, run.replay.occurrence(operation))
    return operation.dueAt === undefined ? text : `${text} until ${new Date(operation.dueAt).toISOString()}`
  })
  return open.length === 0 ? undefined : `waits for ${open.slice(0, 5).join(', ')}`
}
