import { epoch, instanceId, shardId } from '@cruster/core'
import type { DiscoveryEvent, ShardLock } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import { runnerInfo } from '../runner-info.ts'

const shard = shardId('default', 1)
const lock = (number: number, owner = 'a'): ShardLock => ({
  shard,
  instanceId: runnerInfo(owner).instanceId,
  epoch: epoch(number),
})
const locked = (number: number, owner?: string): DiscoveryEvent => ({ kind: 'shardLocked', lock: lock(number, owner) })
const unlocked = (number: number): DiscoveryEvent => ({ kind: 'shardUnlocked', shard, epoch: epoch(number) })

it('replaces everything by a snapshot', () => {
  const before = applyEvents(emptyView, [{ kind: 'runnerChanged', runner: runnerInfo('a') }, locked(1)])

  const after = applyEvents(before, [{ kind: 'snapshot', runners: [runnerInfo('b')], locks: [] }])

  expect([...after.runners.values()]).toEqual([runnerInfo('b')])
  expect(after.locks.size).toBe(0)
})

it('follows runners that come, change and go', () => {
  const changed = runnerInfo('a', { state: 'draining' })
  const view = applyEvents(emptyView, [
    { kind: 'runnerChanged', runner: runnerInfo('a') },
    { kind: 'runnerChanged', runner: runnerInfo('b') },
    { kind: 'runnerChanged', runner: changed },
    { kind: 'runnerLeft', instanceId: runnerInfo('b').instanceId },
    { kind: 'runnerLeft', instanceId: instanceId('nobody') },
  ])

  expect([...view.runners.values()]).toEqual([changed])
})

it('follows locks that are taken and given back', () => {
  const view = applyEvents(emptyView, [locked(1, 'a'), unlocked(1), locked(2, 'b')])

  expect(view.locks.get(shard)).toEqual(lock(2, 'b'))
  expect(applyEvents(view, [unlocked(2)]).locks.size).toBe(0)
})

it('ignores late news of a former owner', () => {
  const view = applyEvents(emptyView, [locked(3, 'b')])

  expect(applyEvents(view, [locked(2, 'a'), unlocked(2)]).locks.get(shard)).toEqual(lock(3, 'b'))
})

it('counts what can change an assignment, and nothing else', () => {
  const view = applyEvents(emptyView, [{ kind: 'runnerChanged', runner: runnerInfo('a') }])

  expect(view.topology).toBeGreaterThan(emptyView.topology)
  expect(applyEvents(view, [locked(1), unlocked(1)]).topology).toBe(view.topology)
  expect(applyEvents(view, [{ kind: 'snapshot', runners: [], locks: [] }]).topology).toBeGreaterThan(view.topology)
})

it('leaves the view before as it was', () => {
  const view = applyEvents(emptyView, [{ kind: 'runnerChanged', runner: runnerInfo('a') }, locked(1)])

  applyEvents(view, [{ kind: 'snapshot', runners: [], locks: [] }])

  expect(view.runners.size).toBe(1)
  expect(view.locks.size).toBe(1)
})
