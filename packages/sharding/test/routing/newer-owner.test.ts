import { encodeExit, epoch } from '@cruster/core'
import { SeededRandom, VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import { RoutedCall } from '../../src/routing/routed-call.ts'
import { Router } from '../../src/routing/router.ts'
import { RecordedEndpoint } from '../connection/recorded-endpoint.ts'
import { request } from '../connection/request.ts'
import { runnerInfo } from '../runner-info.ts'

const former = runnerInfo('former')
const next = runnerInfo('next')
const asked = request({ timeoutMs: 10_000 })
const { shard } = asked.address

it('asks a new owner again soon when that cannot take the request yet, however long it has waited before', async () => {
  const clock = new VirtualClock()
  const endpoint = new RecordedEndpoint()
  const locked = (by: typeof former, number: number) =>
    ({ kind: 'shardLocked', lock: { shard, instanceId: by.instanceId, epoch: epoch(number) } }) as const
  const runners = [former, next].map((runner) => ({ kind: 'runnerChanged', runner }) as const)
  let view = applyEvents(emptyView, [...runners, locked(former, 1)])
  const router = new Router({
    clock,
    view: () => view,
    assignment: () => new Map(),
    local: undefined,
    peer: () => endpoint,
  })
  const services = { router, clock, random: new SeededRandom(1) }
  const answer = RoutedCall.run(services, asked, { timeoutMs: 10_000, repeatable: true })
  // The former owner is leaving, and sends it away again and again.
  while (clock.monotonic() < 3000) {
    endpoint.sink(endpoint.calls.length - 1).notMine(asked.address, undefined)
    const count = endpoint.calls.length
    while (endpoint.calls.length === count) await clock.advance(1)
  }
  endpoint.sink(endpoint.calls.length - 1).notMine(asked.address, undefined)

  // The next one has the lock, but not yet the claim.
  view = applyEvents(view, [locked(next, 2)])
  router.changed()
  endpoint.sink(endpoint.calls.length - 1).notMine(asked.address, undefined)
  const attempts = endpoint.calls.length
  await clock.advance(10)

  expect(endpoint.calls.length).toBe(attempts + 1)
  endpoint.sink(attempts).reply(encodeExit({ kind: 'success', value: Uint8Array.of(7) }))
  await clock.runUntilIdle()
  expect(await answer).toBeDefined()
})
