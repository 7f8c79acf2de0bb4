import { epoch, runnerAddress, shardId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { DiscoveryEvent } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import type { ClusterView } from '../../src/membership/cluster-view.ts'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import { Router } from '../../src/routing/router.ts'
import { RecordedEndpoint } from '../connection/recorded-endpoint.ts'
import { runnerInfo } from '../runner-info.ts'

const shard = shardId('default', 7)
const a = runnerInfo('a')
const b = runnerInfo('b')
const lockOf = (runner: typeof a, number: number): DiscoveryEvent => ({
  kind: 'shardLocked',
  lock: { shard, instanceId: runner.instanceId, epoch: epoch(number) },
})
const known: readonly DiscoveryEvent[] = [
  { kind: 'runnerChanged', runner: a },
  { kind: 'runnerChanged', runner: b },
]

interface Scene {
  readonly router: Router
  readonly clock: VirtualClock
  readonly local: RecordedEndpoint
  readonly peers: string[]
}

/** A router in the process of runner a, which knows of these events. */
function scene(events: readonly DiscoveryEvent[], assigned?: typeof a): Scene {
  const clock = new VirtualClock()
  const local = new RecordedEndpoint()
  const peers: string[] = []
  const view: ClusterView = applyEvents(emptyView, events)
  const router = new Router({
    clock,
    view: () => view,
    assignment: () => new Map(assigned === undefined ? [] : [[shard, assigned.instanceId]]),
    local: { address: () => a.address, endpoint: local },
    peer: (address) => {
      peers.push(address)
      return new RecordedEndpoint()
    },
  })
  return { router, clock, local, peers }
}

it('leads to the holder of the lock', () => {
  const { router, peers } = scene([...known, lockOf(b, 1)], a)

  expect(router.route(shard)?.address).toBe(b.address)
  expect(peers).toEqual([b.address])
})

it('takes no line to its own process', () => {
  const { router, local, peers } = scene([...known, lockOf(a, 1)])

  expect(router.route(shard)?.endpoint).toBe(local)
  expect(peers).toEqual([])
})

it('leads to whoever should take a shard that nobody holds', () => {
  expect(scene(known, b).router.route(shard)?.address).toBe(b.address)
})

it('leads nowhere while nobody can host the shard', () => {
  expect(scene(known).router.route(shard)).toBeUndefined()
})

it('leads past a holder that has left', () => {
  const { router } = scene([{ kind: 'runnerChanged', runner: a }, lockOf(b, 1)], a)

  expect(router.route(shard)?.address).toBe(a.address)
  expect(router.hint(shard)).toBeUndefined()
})

it('believes a hint that is newer than what it knows', () => {
  const { router } = scene([...known, lockOf(a, 3)])
  const elsewhere = runnerAddress('c:9000')

  expect(router.route(shard, { address: elsewhere, epoch: epoch(4) })?.address).toBe(elsewhere)
  expect(router.route(shard, { address: elsewhere, epoch: epoch(3) })?.address).toBe(a.address)
})

it('tells others what it knows of the owner', () => {
  expect(scene([...known, lockOf(b, 5)]).router.hint(shard)).toEqual({ address: b.address, epoch: 5 })
})

it('wakes who waits at the next change, or after the pause, once', async () => {
  const { router, clock } = scene(known)
  const log: string[] = []
  router.wait(100, () => log.push('first'))
  router.wait(200, () => log.push('second'))
  const stop = router.wait(100, () => log.push('stopped'))

  stop()
  await clock.advance(150)
  expect(log).toEqual(['first'])
  router.changed()
  router.changed()
  expect(log).toEqual(['first', 'second'])
  await clock.advance(150)

  expect(log).toEqual(['first', 'second'])
  expect(clock.pendingTimers()).toEqual([])
})

it('wakes who waits for a shard only when that shard leads elsewhere', () => {
  let events: readonly DiscoveryEvent[] = [...known, lockOf(a, 1)]
  const router = new Router({
    clock: new VirtualClock(),
    view: () => applyEvents(emptyView, events),
    assignment: () => new Map(),
    local: undefined,
    peer: () => new RecordedEndpoint(),
  })
  const log: string[] = []
  router.wait(100, () => log.push('shard 7'), shard)
  router.wait(100, () => log.push('anything'))

  router.changed()
  expect(log).toEqual(['anything'])
  events = [...events, { ...lockOf(b, 2) }]
  router.changed()

  expect(log).toEqual(['anything', 'shard 7'])
})

it.each([
  ['is locked anew by the same runner', [...known, lockOf(a, 2)]],
  ['has lost its holder', [{ kind: 'runnerChanged', runner: b } as const, lockOf(a, 1)]],
])('wakes who waits for a shard that %s', (_, later) => {
  let events: readonly DiscoveryEvent[] = [...known, lockOf(a, 1)]
  const clock = new VirtualClock()
  const router = new Router({
    clock,
    view: () => applyEvents(emptyView, events),
    assignment: () => new Map(),
    local: undefined,
    peer: () => new RecordedEndpoint(),
  })
  let woken = 0
  router.wait(100, () => (woken += 1), shard)

  events = later
  router.changed()

  expect(woken).toBe(1)
  expect(clock.pendingTimers()).toEqual([])
})

it('wakes everybody who waits for a shard when it closes', () => {
  const { router, clock } = scene(known)
  let woken = 0
  router.wait(100, () => (woken += 1), shard)

  router.close()

  expect(woken).toBe(1)
  expect(clock.pendingTimers()).toEqual([])
})

it('stops every call when it closes, and lets none begin', () => {
  const { router } = scene(known)
  const log: string[] = []
  router.enter(() => log.push('stopped'))
  const leave = router.enter(() => log.push('never'))
  leave()

  router.close()

  expect(log).toEqual(['stopped'])
  expect(() => router.enter(() => {})).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }))
})
