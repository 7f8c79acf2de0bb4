import type { RunnerAddress } from '@cruster/core'
import { MemoryLogger } from '@cruster/core/memory'
import { createChannel, createClient } from 'nice-grpc'
import { expect, it, onTestFinished } from 'vitest'
import { encodeBatch } from '../../src/wire/frame-batch.ts'
import { runnerService } from '../../src/wire/runner-service.ts'
import { connect, echoOf, listening } from '../ends.ts'

const hello = [{ kind: 'cancel', call: 1 }] as const
const never = new Promise<never>(() => {})

/** Sends messages as no transport would, and collects the answers until the server ends the stream. */
async function answersTo(
  address: RunnerAddress,
  messages: readonly Uint8Array[],
  last: Promise<void> = never,
): Promise<readonly Uint8Array[]> {
  const channel = createChannel(address)
  onTestFinished(() => channel.close())
  const stream = createClient(runnerService, channel).connect(
    (async function* send() {
      yield* messages
      await last
    })(),
  )
  const answers: Uint8Array[] = []
  for await (const answer of stream) answers.push(answer)
  return answers
}

it('ends the line of a peer that sends nonsense, tells it why, and serves the others', async () => {
  const log = new MemoryLogger()
  const { address, accepted } = await listening({ logger: log })
  const other = await connect(address)

  const answers = answersTo(address, [encodeBatch(hello), Uint8Array.of(0xff, 0xff)])

  await expect(answers).rejects.toThrow(/ABORTED.*no batch of frames/u)
  expect(await accepted.at(-1)?.closed).toMatchObject({ code: 'RUNNER_UNAVAILABLE', cause: { code: 'CODEC' } })
  expect(log.lines).toMatchObject([
    {
      level: 'warn',
      message: 'A peer sent what cannot be read; its line is closed.',
      fields: { peer: expect.any(String) },
    },
  ])
  expect(await echoOf(other, hello)).toEqual(hello)
})

it('takes a stream that ends without a goodbye for a broken line', async () => {
  const { address, accepted } = await listening()

  await expect(answersTo(address, [encodeBatch(hello)], Promise.resolve())).rejects.toThrow('ABORTED')

  expect(String(await accepted[0]?.closed)).toContain('the connection broke')
})

it('breaks the line of a peer whose frames are larger than it takes, and serves the others', async () => {
  const { address, accepted } = await listening({ maxFrameBytes: 2048 })
  const other = await connect(address)
  const generous = await connect(address, { maxFrameBytes: 1_000_000 })

  generous.send([{ kind: 'reply', call: 1, exit: new Uint8Array(4000) }])

  expect(String(await generous.closed)).toMatch(/RESOURCE_EXHAUSTED: Received message larger than max/u)
  expect(await accepted[1]?.closed).toBeInstanceOf(Error)
  expect(await echoOf(other, hello)).toEqual(hello)
})
