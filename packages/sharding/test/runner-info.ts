import type { RunnerInfo } from '@cruster/core/ports'
import { instanceId, runnerAddress } from '@cruster/core'

/** A live runner, all defaults. Its address is made of its name. */
export function runnerInfo(name: string, fields: Partial<RunnerInfo> = {}): RunnerInfo {
  return {
    instanceId: instanceId(`instance of ${name}`),
    address: runnerAddress(`${name}:9000`),
    weight: 1,
    groups: ['default'],
    entityTypes: [],
    state: 'active',
    ...fields,
  }
}
