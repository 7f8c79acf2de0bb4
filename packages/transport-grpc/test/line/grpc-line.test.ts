import { decodeError, decodeExit } from '@cruster/core'
import { MemoryLogger } from '@cruster/core/memory'
import type { Frame } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import type { GrpcTransportOptions } from '../../src/index.ts'
import { GrpcLine } from '../../src/line/grpc-line.ts'
import { transportSettings } from '../../src/transport-settings.ts'
import { decodeBatch, encodeBatch, goodbye } from '../../src/wire/frame-batch.ts'

const cancel: Frame = { kind: 'cancel', call: 1 }
const large = new Uint8Array(2000)

function openLine(options: GrpcTransportOptions = {}): { readonly line: GrpcLine; readonly log: MemoryLogger } {
  const log = new MemoryLogger()
  return { line: new GrpcLine('peer:1', transportSettings({ maxFrameBytes: 1024, logger: log, ...options })), log }
}

/** Everything that leaves a line until it is closed. */
async function sentBy(line: GrpcLine): Promise<readonly Frame[]> {
  line.close()
  const sent: Frame[] = []
  for await (const message of line.outgoing) sent.push(...decodeBatch(message).frames)
  return sent
}

async function receivedBy(line: GrpcLine): Promise<readonly Frame[]> {
  const received: Frame[] = []
  for await (const frames of line.frames) received.push(...frames)
  return received
}

/** Code and outcome of the error in a reply. */
function failureIn(frame: Frame | undefined): unknown {
  if (frame?.kind !== 'reply') return frame
  const exit = decodeExit(frame.exit)
  const error: unknown = exit.kind === 'failure' ? decodeError(exit.error) : undefined
  return { call: frame.call, error }
}

const tooLarge = (call: number, outcome: string): unknown => ({
  call,
  error: expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE', outcome, limit: 1024 }),
})

it('answers a request that is too large itself, and sends the others', async () => {
  const { line, log } = openLine()
  const request: Frame = {
    kind: 'request',
    call: 7,
    id: '1' as never,
    address: { shard: 'default:1' as never, type: 'Counter', id: 'a' },
    method: 'add',
    payload: large,
    headers: {},
    timeoutMs: 1000,
    attempt: 1,
    origin: 'client',
    chain: [],
    retainMs: 0,
    oneWay: false,
  }

  line.send([cancel, request, cancel])

  expect(await sentBy(line)).toEqual([cancel, cancel])
  const received = await receivedBy(line)
  expect(received.map(failureIn)).toEqual([tooLarge(7, 'not-started')])
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'A frame was too large to be sent; its call failed.' }])
})

it('sends an error in place of a reply that is too large', async () => {
  const { line } = openLine()

  line.send([{ kind: 'reply', call: 8, exit: large }, cancel])
  const sent = await sentBy(line)

  expect(sent.map(failureIn)).toEqual([tooLarge(8, 'failed'), cancel])
})

it('ends a stream with a value that is too large, on both sides', async () => {
  const { line } = openLine()

  line.send([{ kind: 'chunk', call: 9, sequence: 4, values: [large] }])
  const sent = await sentBy(line)

  expect(sent.map(failureIn)).toEqual([tooLarge(9, 'failed')])
  expect(await receivedBy(line)).toEqual([{ kind: 'cancel', call: 9 }])
})

it('sends values apart that are too large together', async () => {
  const { line } = openLine()
  const value = new Uint8Array(600)

  line.send([{ kind: 'chunk', call: 9, sequence: 4, values: [value, value] }])

  expect(await sentBy(line)).toEqual([
    { kind: 'chunk', call: 9, sequence: 4, values: [value] },
    { kind: 'chunk', call: 9, sequence: 5, values: [value] },
  ])
})

it('breaks when more waits than is allowed', async () => {
  const { line, log } = openLine({ maxFrameBytes: 4096, maxQueuedBytes: 5000 })
  const reply: Frame = { kind: 'reply', call: 1, exit: large }

  line.send([reply])
  line.send([reply])
  line.send([reply])

  expect(String(await line.closed)).toContain('6033 bytes wait to be sent to it, and maxQueuedBytes is 5000')
  expect(line.outgoing.bytes).toBe(0)
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'A peer does not keep up; its line is closed.' }])
})

it('breaks on a message that cannot be read, and says so in the log', async () => {
  const { line, log } = openLine()

  line.receive(encodeBatch([cancel]))
  line.receive(Uint8Array.of(0xff))
  line.receive(encodeBatch([cancel]))

  expect(await line.closed).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'unknown', cause: { code: 'CODEC' } })
  expect(await receivedBy(line)).toEqual([cancel])
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'A peer sent what cannot be read; its line is closed.' }])
})

it('breaks on a frame that cannot be written', async () => {
  const { line } = openLine()

  line.send([{ kind: 'cancel', call: 0.5 }])

  expect(await line.closed).toMatchObject({ cause: { code: 'CODEC' } })
})

it('is over without a reason when the other side says goodbye', async () => {
  const { line } = openLine()
  line.send([cancel])

  line.receive(Buffer.concat([encodeBatch([cancel]), goodbye]))
  line.breakDown('later')
  line.send([cancel])

  expect(await line.closed).toBeUndefined()
  expect(await receivedBy(line)).toEqual([cancel])
  expect(await sentBy(line)).toEqual([])
})

it('says goodbye once, after what was sent', async () => {
  const { line } = openLine()
  line.send([cancel])

  line.close()
  line.close()
  const messages: Uint8Array[] = []
  for await (const message of line.outgoing) messages.push(message)

  expect(messages.map(decodeBatch)).toEqual([{ frames: [cancel], closing: true }])
})
