import { runnerAddress } from '@cruster/core'
import { expect, it } from 'vitest'
import { connect, echoOf, listening, transport } from '../ends.ts'

const listenAt = (address: string, options = {}): Promise<unknown> =>
  transport(options).listen(runnerAddress(address), () => {})

it('takes a free port in place of port 0', async () => {
  const { address } = await listening()

  expect(address).toMatch(/^127\.0\.0\.1:[1-9]\d+$/u)
})

it('says who has to go when two listen at one address', async () => {
  const { address } = await listening()

  await expect(listenAt(address)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringMatching(/Cannot listen at 127\.0\.0\.1:\d+.*Another process or listener has the address/u),
  })
})

it.each(['0.0.0.0:0', '[::]:0', 'runner.internal:0'])('does not listen at %s without a guard', async (address) => {
  await expect(listenAt(address)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('`insecure: true`'),
  })
})

it.each([{ insecure: true }, { token: 'secret' }])('listens on all interfaces with %j', async (options) => {
  await expect(listenAt('0.0.0.0:0', options)).resolves.toBeDefined()
})

it('listens on another host than the one by which it is called', async () => {
  const { address } = await listening({ bindHost: '0.0.0.0', insecure: true })

  const connection = await connect(address)

  expect(await echoOf(connection, [{ kind: 'cancel', call: 1 }])).toEqual([{ kind: 'cancel', call: 1 }])
  await expect(listenAt('127.0.0.1:0', { bindHost: '0.0.0.0' })).rejects.toMatchObject({ code: 'CONFIG' })
})

it.each(['localhost', ':7000', '127.0.0.1:70000', '127.0.0.1:', 'a b:1', '::1:7000'])(
  'refuses %j as an address',
  async (address) => {
    await expect(listenAt(address)).rejects.toMatchObject({ code: 'CONFIG' })
  },
)

it('neither listens nor connects after its end', async () => {
  const { address } = await listening()
  const ended = transport()
  await ended[Symbol.asyncDispose]()

  const over = { code: 'RUNNER_UNAVAILABLE', outcome: 'not-started' }
  await expect(ended.connect(address, new AbortController().signal)).rejects.toMatchObject(over)
  await expect(ended.listen(address, () => {})).rejects.toMatchObject(over)
})

it('leaves an address that it took while it ended', async () => {
  const ended = transport()

  const listener = ended.listen(runnerAddress('127.0.0.1:0'), () => {}).catch((error: unknown) => error)
  await ended[Symbol.asyncDispose]()

  expect(await listener).toMatchObject({ code: 'RUNNER_UNAVAILABLE' })
})

it.each(['client:4711-a', 'unix:/run/x', 'dns:///a:1'])(
  'does not connect to %j, which is no address',
  async (address) => {
    await expect(connect(runnerAddress(address))).rejects.toMatchObject({
      code: 'RUNNER_UNAVAILABLE',
      outcome: 'not-started',
      cause: { code: 'CONFIG' },
    })
  },
)

it('gives an attempt up when it ends', async () => {
  const { address } = await listening()
  const ended = transport()

  const attempt = ended.connect(address, new AbortController().signal).catch((error: unknown) => error)
  await ended[Symbol.asyncDispose]()

  expect(await attempt).toMatchObject({ code: 'RUNNER_UNAVAILABLE', outcome: 'not-started' })
})
