import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { TcpProxy } from '@cruster/testing'

/** A proxy before a server that answers everything with the same; and a way to connect through it. */
async function startEcho(prefix = '') {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('data', (bytes: Buffer) => socket.write(`${prefix}${bytes.toString()}`))
    socket.on('error', () => {})
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port })
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const dial = async (): Promise<Socket> => {
    const socket = connect(proxy)
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  return { proxy, dial, port, open }
}

async function answer(socket: Socket, question: string): Promise<string> {
  socket.write(question)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString()
}

it('passes on what was held back once it heals, in order', async () => {
  const { proxy, dial } = await startEcho()
  const socket = await dial()
  await answer(socket, 'hello')
  proxy.silence()
  let heard = ''
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  for (const word of ['one ', 'two ', 'three']) socket.write(word)
  await sleep(50)
  expect(heard).toBe('')
  proxy.heal()
  await expect.poll(() => heard).toBe('one two three')
})

it('connects those who dialled into the silence when it heals', async () => {
  const { proxy, dial } = await startEcho()
  proxy.silence()
  const socket = await dial()
  const answered = answer(socket, 'anybody there?')
  proxy.heal()
  expect(await answered).toBe('anybody there?')
})

it('can be silent in one direction: the other side hears, and its answers are lost on the way', async () => {
  const { proxy, dial } = await startEcho()
  const socket = await dial()
  await answer(socket, 'hello')
  let heard = ''
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  proxy.silence('in')
  socket.write('still there?')
  await sleep(50)
  expect(heard).toBe('')
  // The question had passed already: only the answer is held back.
  proxy.silence('out')
  await expect.poll(() => heard).toBe('still there?')
})

it('delays both ways, and keeps the order when it stops delaying', async () => {
  const { proxy, dial } = await startEcho()
  const socket = await dial()
  proxy.delay(40)
  const begun = performance.now()
  expect(await answer(socket, 'slow')).toBe('slow')
  expect(performance.now() - begun).toBeGreaterThanOrEqual(75)
  let heard = ''
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  socket.write('first ')
  await sleep(10)
  proxy.heal()
  socket.write('second')
  await expect.poll(() => heard).toBe('first second')
})

it('does not tell the target of the end of a connection while it is silent, and afterwards does', async () => {
  const { proxy, dial, open } = await startEcho()
  const socket = await dial()
  await answer(socket, 'hello')
  proxy.silence()
  socket.destroy()
  await sleep(50)
  expect(open.size).toBe(1)
  proxy.heal()
  await expect.poll(() => open.size).toBe(0)
})

it('leads new connections elsewhere when told to', async () => {
  const { proxy, dial } = await startEcho('a:')
  const other = await startEcho('b:')
  expect(await answer(await dial(), '1')).toBe('a:1')
  proxy.leadTo({ host: '127.0.0.1', port: other.port })
  expect(await answer(await dial(), '2')).toBe('b:2')
})
