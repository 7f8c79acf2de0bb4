import assert from 'node:assert/strict'
import type { RunnerAddress } from '@cruster/core'
import { isCrusterError } from '@cruster/core'
import { eventually } from '../../eventually.ts'
import type { Law } from '../../law.ts'
import { openLine } from './open-line.ts'
import type { TransportWorld } from './transport-world.ts'

const patience = 5000

export const listenerLaws: readonly Law<TransportWorld>[] = [
  {
    id: 'TR5',
    title: 'connecting to nobody rejects with RunnerUnavailable before the connect timeout ends',
    async check(world) {
      const attempt = attemptConnect(world, world.nobody, new AbortController().signal)

      await eventually(world, 'it was refused', { withinMs: world.connectTimeoutMs, holds: () => attempt.isSettled })

      assertUnavailable(attempt.result)
    },
  },
  {
    id: 'TR5b',
    title: 'connecting to one who does not answer rejects with RunnerUnavailable when the signal aborts',
    async check(world) {
      const { listener } = await openLine(world)
      await world.silenceLines()
      const abort = new AbortController()
      const before = attemptConnect(world, listener.address, AbortSignal.abort())
      const during = attemptConnect(world, listener.address, abort.signal)
      await world.advance(10)

      abort.abort()
      await eventually(world, 'both were refused', {
        withinMs: world.connectTimeoutMs / 2,
        holds: () => before.isSettled && during.isSettled,
      })

      assertUnavailable(before.result)
      assertUnavailable(during.result)
    },
  },
  {
    id: 'TR5c',
    title: 'connecting to one who does not answer rejects with RunnerUnavailable when the connect timeout ends',
    async check(world) {
      const { listener } = await openLine(world)
      await world.silenceLines()
      const attempt = attemptConnect(world, listener.address, new AbortController().signal)

      await eventually(world, 'it was given up', {
        withinMs: 2 * world.connectTimeoutMs,
        holds: () => attempt.isSettled,
      })

      assertUnavailable(attempt.result)
    },
  },
  {
    id: 'TR6',
    title: 'a disposed listener takes no connection and leaves none open',
    async check(world) {
      const first = await openLine(world)
      const second = await first.again()

      await first.listener[Symbol.asyncDispose]()
      const ends = [first.client, first.server, second.client, second.server]
      await eventually(world, 'all connections ended', {
        withinMs: patience,
        holds: () => ends.every((end) => end.isOver),
      })

      const attempt = attemptConnect(world, first.listener.address, new AbortController().signal)
      await eventually(world, 'it was refused', { withinMs: world.connectTimeoutMs, holds: () => attempt.isSettled })
      assertUnavailable(attempt.result)
    },
  },
]

interface Attempt {
  isSettled: boolean
  result: unknown
}

function attemptConnect(world: TransportWorld, address: RunnerAddress, signal: AbortSignal): Attempt {
  const attempt: Attempt = { isSettled: false, result: undefined }
  const settle = (result: unknown): void => {
    attempt.isSettled = true
    attempt.result = result
  }
  world.client.connect(address, signal).then(settle, settle)
  return attempt
}

function assertUnavailable(result: unknown): void {
  assert.ok(isCrusterError(result), 'it did not reject with an error of Cruster')
  assert.equal(result.code, 'RUNNER_UNAVAILABLE')
  assert.equal(result.outcome, 'not-started')
}
