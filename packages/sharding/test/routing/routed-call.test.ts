import { encodeExit, epoch, runnerAddress } from '@cruster/core'
import { SeededRandom, VirtualClock } from '@cruster/core/memory'
import type { DiscoveryEvent } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import type { CallLimits } from '../../src/routing/routed-call.ts'
import { lineBroken } from '../../src/connection/line-error.ts'
import { RoutedCall } from '../../src/routing/routed-call.ts'
import { Router } from '../../src/routing/router.ts'
import { RecordedEndpoint } from '../connection/recorded-endpoint.ts'
import { request } from '../connection/request.ts'
import { runnerInfo } from '../runner-info.ts'

const success = encodeExit({ kind: 'success', value: Uint8Array.of(7) })
const owner = runnerInfo('owner')
const asked = request({ timeoutMs: 1000 })

const ownerKnown: readonly DiscoveryEvent[] = [
  { kind: 'runnerChanged', runner: owner },
  { kind: 'shardLocked', lock: { shard: asked.address.shard, instanceId: owner.instanceId, epoch: epoch(1) } },
]

/** One call to a fake owner, which the test answers. */
class Scene {
  readonly clock = new VirtualClock()
  readonly endpoint = new RecordedEndpoint()
  readonly asked: string[] = []
  readonly router: Router
  outcome: unknown

  constructor({ isKnown = true } = {}) {
    const events = isKnown ? ownerKnown : []
    this.router = new Router({
      clock: this.clock,
      view: () => applyEvents(emptyView, events),
      assignment: () => new Map(),
      local: undefined,
      peer: (address) => {
        this.asked.push(address)
        return this.endpoint
      },
    })
  }

  async call(limits: Partial<CallLimits> = {}): Promise<void> {
    const services = { router: this.router, clock: this.clock, random: new SeededRandom(1) }
    const run = RoutedCall.run(services, asked, { timeoutMs: 1000, repeatable: false, ...limits })
    run.then(
      (exit) => (this.outcome = exit),
      (error: unknown) => (this.outcome = error),
    )
    await this.clock.runUntilIdle()
  }
}

it('brings the answer', async () => {
  const scene = new Scene()
  await scene.call()

  scene.endpoint.sink(0).reply(success)
  await scene.clock.runUntilIdle()

  expect(scene.outcome).toBe(success)
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('asks again, of whom it is told, when the shard has moved', async () => {
  const scene = new Scene()
  const elsewhere = runnerAddress('new:9000')
  await scene.call()

  scene.endpoint.sink(0).notMine(asked.address, { address: elsewhere, epoch: epoch(2) })
  await scene.clock.advance(100)
  scene.endpoint.sink(1).reply(success)
  await scene.clock.runUntilIdle()

  expect(scene.asked).toEqual([owner.address, elsewhere])
  expect(scene.endpoint.calls.map(({ request: { attempt } }) => attempt)).toEqual([1, 1])
  expect(scene.outcome).toBe(success)
})

it('tells the next owner that an earlier one may have started it', async () => {
  const scene = new Scene()
  await scene.call({ repeatable: true })

  scene.endpoint.sink(0).notMine(asked.address, undefined, true)
  await scene.clock.advance(100)
  scene.endpoint.sink(1).broken(new Error('reset'), true)
  await scene.clock.advance(100)
  scene.endpoint.sink(2).broken(new Error('refused'), false)
  await scene.clock.advance(100)

  expect(scene.endpoint.calls.map(({ request: { attempt } }) => attempt)).toEqual([1, 2, 3, 3])
})

it('tells the owner how much time is left', async () => {
  const scene = new Scene()
  await scene.call()

  await scene.clock.advance(400)
  scene.endpoint.sink(0).notMine(asked.address, undefined)
  await scene.clock.advance(100)

  const [first, second] = scene.endpoint.calls.map(({ request: { timeoutMs } }) => timeoutMs)
  expect(first).toBe(1000)
  expect(second).toBeLessThan(600)
  expect(second).toBeGreaterThan(500)
})

it('tries again when the request cannot have arrived', async () => {
  const scene = new Scene()
  await scene.call()

  scene.endpoint.sink(0).broken(new Error('refused'), false)
  await scene.clock.advance(100)

  expect(scene.endpoint.calls).toHaveLength(2)
})

it('gives a request up that may have arrived and must not run twice', async () => {
  const scene = new Scene()
  await scene.call()

  scene.endpoint.sink(0).broken(new Error('reset'), true)
  await scene.clock.runUntilIdle()

  expect(scene.outcome).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'unknown' })
  expect(scene.endpoint.calls).toHaveLength(1)
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('says once why a line broke', async () => {
  const scene = new Scene()
  await scene.call()

  scene.endpoint.sink(0).broken(lineBroken(runnerAddress('a:9000'), 'it was reset'), true)
  await scene.clock.runUntilIdle()

  expect(String(scene.outcome).match(/cannot be reached/gu)).toHaveLength(1)
  expect(String(scene.outcome)).toContain('it was reset')
})

it('repeats a request that may have arrived when its outcome is recorded', async () => {
  const scene = new Scene()
  await scene.call({ repeatable: true })

  scene.endpoint.sink(0).broken(new Error('reset'), true)
  await scene.clock.advance(100)
  scene.endpoint.sink(1).reply(success)
  await scene.clock.runUntilIdle()

  expect(scene.outcome).toBe(success)
})

it('waits while there is nobody to ask', async () => {
  const scene = new Scene({ isKnown: false })

  await scene.call()
  await scene.clock.advance(300)

  expect(scene.endpoint.calls).toHaveLength(0)
  expect(scene.outcome).toBeUndefined()
})

it('says not-started at the deadline when nobody was asked', async () => {
  const scene = new Scene({ isKnown: false })
  await scene.call()

  await scene.clock.advance(1000)

  expect(scene.outcome).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-started' })
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('says unknown at the deadline when an owner has the request, and cancels it there', async () => {
  const scene = new Scene()
  await scene.call()

  await scene.clock.advance(1000)

  expect(scene.outcome).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
  expect(scene.endpoint.log).toEqual([`open ${asked.id}`, `cancel ${asked.id}`])
})

it('says unknown at the deadline when an earlier attempt may have started it', async () => {
  const scene = new Scene()
  await scene.call({ repeatable: true })

  scene.endpoint.sink(0).broken(new Error('reset'), true)
  for (let attempt = 1; attempt <= scene.endpoint.calls.length && attempt < 20; attempt += 1) {
    await scene.clock.advance(100)
    scene.endpoint.calls[attempt]?.sink.notMine(asked.address, undefined)
  }
  await scene.clock.advance(1000)

  expect(scene.outcome).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
})

it('ends at once when its signal aborts', async () => {
  const scene = new Scene()
  const controller = new AbortController()
  await scene.call({ signal: controller.signal })

  controller.abort()
  await scene.clock.runUntilIdle()

  expect(scene.outcome).toMatchObject({ code: 'INTERRUPTED', outcome: 'unknown' })
  expect(scene.endpoint.log).toContain(`cancel ${asked.id}`)
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('ends when its process does', async () => {
  const scene = new Scene()
  await scene.call({ repeatable: true })

  scene.router.close()
  await scene.clock.runUntilIdle()

  expect(scene.outcome).toMatchObject({ code: 'INTERRUPTED', outcome: 'unknown' })
  await scene.call()
  expect(scene.outcome).toMatchObject({ code: 'SHUTTING_DOWN', outcome: 'not-started' })
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('hears nothing after its end', async () => {
  const scene = new Scene()
  await scene.call()
  scene.endpoint.sink(0).reply(success)
  await scene.clock.runUntilIdle()

  scene.endpoint.sink(0).broken(new Error('late'), true)
  scene.endpoint.sink(0).notMine(asked.address, undefined)
  await scene.clock.advance(5000)

  expect(scene.outcome).toBe(success)
  expect(scene.endpoint.calls).toHaveLength(1)
})
