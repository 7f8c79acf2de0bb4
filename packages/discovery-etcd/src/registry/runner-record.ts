import type { MachineId } from '@cruster/core'
import { instanceId, machineId, runnerAddress } from '@cruster/core'
import type { RunnerInfo, RunnerState } from '@cruster/core/ports'

/** The value of a runner's key. */
export interface RunnerRecord {
  readonly runner: RunnerInfo
  readonly machineId: MachineId
}

/** JSON, so that people and scripts can read it. Fields may be added; readers ignore what they do not know. */
export function encodeRunner({ runner, machineId: id }: RunnerRecord): Buffer {
  return Buffer.from(JSON.stringify({ ...runner, machineId: id }))
}

/** Undefined for what is not the record of a runner. */
export function parseRunner(value: Buffer): RunnerRecord | undefined {
  try {
    const fields: unknown = JSON.parse(value.toString())
    return typeof fields === 'object' && fields !== null ? recordFrom(new Map(Object.entries(fields))) : undefined
  } catch {
    // No JSON: somebody else's key.
    return undefined
  }
}

function recordFrom(fields: ReadonlyMap<string, unknown>): RunnerRecord | undefined {
  const [id, address, weight, state] = ['instanceId', 'address', 'weight', 'state'].map((name) => fields.get(name))
  const zone = fields.get('zone')
  if (typeof id !== 'string' || typeof address !== 'string' || typeof weight !== 'number') return undefined
  const runner: RunnerInfo = {
    instanceId: instanceId(id),
    address: runnerAddress(address),
    weight,
    ...(typeof zone === 'string' ? { zone } : {}),
    groups: texts(fields.get('groups')),
    entityTypes: texts(fields.get('entityTypes')),
    // A state of a later release is taken for one in which a runner takes no shards.
    state: isState(state) ? state : 'joining',
  }
  return { runner, machineId: machineId(Number(fields.get('machineId'))) }
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

const isState = (value: unknown): value is RunnerState =>
  value === 'joining' || value === 'active' || value === 'draining'
