import { requestId, shardId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import type { OpenCall } from '../../src/connection/endpoint.ts'
import { WaitingRoom } from '../../src/shard/waiting-room.ts'
import { HeardSink } from '../connection/heard-sink.ts'
import { RecordedEndpoint } from '../connection/recorded-endpoint.ts'
import { request } from '../connection/request.ts'

const here = shardId('default', 7)

/** A room, and the shard that is waited for. */
class Scene {
  readonly clock = new VirtualClock()
  readonly room = new WaitingRoom(this.clock)
  readonly shard = new RecordedEndpoint()
  readonly sink = new HeardSink()
  readonly turnedAway: string[] = []

  enter(id: string): OpenCall | undefined {
    return this.room.enter(request({ id: requestId(id) }), this.sink, () => this.turnedAway.push(id))
  }

  admit(): void {
    this.room.admit(here, this.shard)
  }
}

it('serves who waits when the shard is there, in the order of coming', async () => {
  const scene = new Scene()
  scene.enter('1')
  scene.enter('2')

  scene.room.admit(shardId('default', 8), scene.shard)
  expect(scene.shard.log).toEqual([])
  scene.admit()
  scene.admit()
  await scene.clock.advance(10_000)

  expect(scene.shard.log).toEqual(['open 1', 'open 2'])
  expect(scene.turnedAway).toEqual([])
  expect(scene.clock.pendingTimers()).toEqual([])
})

it('turns away whose shard does not come soon, once', async () => {
  const scene = new Scene()
  scene.enter('1')

  await scene.clock.advance(10_000)
  scene.admit()

  expect(scene.turnedAway).toEqual(['1'])
  expect(scene.shard.log).toEqual([])
})

it('forgets who cancels or loses the line', async () => {
  const scene = new Scene()
  scene.enter('1')?.cancel()
  scene.enter('2')?.disconnect()

  scene.admit()
  await scene.clock.advance(10_000)

  expect(scene.shard.log).toEqual([])
  expect(scene.turnedAway).toEqual([])
})

it('passes on what callers do once they are served', () => {
  const scene = new Scene()
  const [stream, dropped] = [scene.enter('1'), scene.enter('2')]

  scene.admit()
  stream?.credit(3, 4)
  stream?.cancel()
  dropped?.disconnect()

  expect(scene.shard.log).toEqual(['open 1', 'open 2', 'credit 1 3+4', 'cancel 1', 'disconnect 2'])
})

it('has so many places, and gives them again when they become free', () => {
  const scene = new Scene()
  const calls = Array.from({ length: 10_001 }, (_, index) => scene.enter(`${index}`))

  expect(calls.findIndex((call) => call === undefined)).toBe(10_000)
  calls[0]?.cancel()
  expect(scene.enter('again')).toBeDefined()
  expect(scene.enter('too many')).toBeUndefined()
  scene.admit()
  expect(scene.shard.calls).toHaveLength(10_000)
  expect(scene.enter('later')).toBeDefined()
})
