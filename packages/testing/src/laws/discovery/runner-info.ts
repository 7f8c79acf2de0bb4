import { instanceId, runnerAddress } from '@cruster/core'
import type { RunnerInfo } from '@cruster/core/ports'

/** A runner named `name`, at an address of its own. */
export function runnerInfo(name: string, changes: Partial<RunnerInfo> = {}): RunnerInfo {
  return {
    instanceId: instanceId(`instance-${name}`),
    address: runnerAddress(`${name}:9000`),
    weight: 1,
    zone: 'a',
    groups: ['default'],
    entityTypes: ['Counter', 'Account'],
    state: 'active',
    ...changes,
  }
}
