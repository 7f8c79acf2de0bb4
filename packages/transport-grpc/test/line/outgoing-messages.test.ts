import { expect, it } from 'vitest'
import { OutgoingMessages } from '../../src/line/outgoing-messages.ts'

const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill)

async function rest(messages: OutgoingMessages): Promise<readonly number[]> {
  const sizes: number[] = []
  for await (const message of messages) sizes.push(message.length)
  return sizes
}

it('joins what waits to few messages', async () => {
  const messages = new OutgoingMessages()
  for (let batch = 0; batch < 300; batch += 1) messages.push(bytes(1024))
  messages.end()

  expect(await rest(messages)).toEqual([256 * 1024, 44 * 1024])
  expect(messages.bytes).toBe(0)
})

it('sends a batch that is larger than a message alone, and all in order', async () => {
  const messages = new OutgoingMessages()
  messages.push(bytes(10, 1))
  messages.push(bytes(300_000, 2))
  messages.push(bytes(10, 3))
  messages.end()

  const sent: (readonly [number, number | undefined])[] = []
  for await (const message of messages) sent.push([message.length, message[0]])

  expect(sent).toEqual([
    [10, 1],
    [300_000, 2],
    [10, 3],
  ])
})

it('hands a batch over as soon as there is a reader', async () => {
  const messages = new OutgoingMessages()
  const next = messages[Symbol.asyncIterator]().next()

  messages.push(bytes(3))

  expect(await next).toEqual({ done: false, value: bytes(3) })
})

it('drops what waits, for good', async () => {
  const messages = new OutgoingMessages()
  messages.push(bytes(3))

  messages.drop()
  messages.push(bytes(3))

  expect(await rest(messages)).toEqual([])
  expect(messages.bytes).toBe(0)
})

it('tells its reader why it was dropped', async () => {
  const messages = new OutgoingMessages()
  const next = messages[Symbol.asyncIterator]().next()

  messages.drop(new Error('too slow'))

  await expect(next).rejects.toThrow('too slow')
})
