import type { RunnerAddress } from '@cruster/core'
import { createChannel, createClient } from 'nice-grpc'
import { HealthDefinition } from 'nice-grpc-server-health'
import { expect, it, onTestFinished } from 'vitest'
import { GrpcHealth, GrpcTransport } from '../../src/index.ts'
import { listening } from '../ends.ts'

/** As in the protocol of health checks; the package does not export them. */
const Answer = { SERVING: 1, NOT_SERVING: 2 }

function healthOf(address: RunnerAddress): (service?: string) => Promise<unknown> {
  const channel = createChannel(address)
  onTestFinished(() => channel.close())
  const client = createClient(HealthDefinition, channel)
  return async (service = '') => (await client.check({ service })).status
}

it('answers that it serves, also to those without a token', async () => {
  const { address } = await listening({ token: 'secret' })
  const check = healthOf(address)

  expect([await check(), await check('cruster.v1.RunnerService')]).toEqual([Answer.SERVING, Answer.SERVING])
})

it('answers what its handle was told', async () => {
  const health = new GrpcHealth()
  const { address } = await listening({ health })
  const check = healthOf(address)

  health.setServing(false)
  const during = await check()
  health.setServing(true)

  expect([during, await check()]).toEqual([Answer.NOT_SERVING, Answer.SERVING])
})

it('shows the handle of a transport that was made without one', () => {
  const { health } = new GrpcTransport()

  health.setServing(false)

  expect(health.isServing).toBe(false)
})

it('does not know other services', async () => {
  const { address } = await listening()

  await expect(healthOf(address)('other')).rejects.toThrow('NOT_FOUND')
})
