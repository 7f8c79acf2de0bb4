import { expect, it } from 'vitest'
import { GrpcTransport } from '../../src/index.ts'
import { Authority } from '../certificates.ts'
import { connect, echoOf, listening } from '../ends.ts'

const authority = new Authority('authority')
const stranger = new Authority('stranger')
const runner = authority.issue('runner.test')
const tls = { ca: authority.ca, ...runner }
const hello = [{ kind: 'cancel', call: 1 }] as const

const unavailable = (why: RegExp): unknown =>
  expect.objectContaining({ code: 'RUNNER_UNAVAILABLE', outcome: 'not-started', message: expect.stringMatching(why) })

it('carries frames over TLS', async () => {
  const { address } = await listening({ tls })

  const connection = await connect(address, { tls: { ca: authority.ca } })

  expect(await echoOf(connection, hello)).toEqual(hello)
})

it('finds a name of the certificate in place of the host', async () => {
  const { address } = await listening({ tls })

  await connect(address, { tls: { ca: authority.ca, serverName: 'runner.test' } })
  const other = connect(address, { tls: { ca: authority.ca, serverName: 'other.test' } })

  await expect(other).rejects.toEqual(unavailable(/other\.test/u))
})

it('does not talk to a runner that another authority has signed', async () => {
  const { address } = await listening({ tls: { ...stranger.issue('runner.test') } })

  await expect(connect(address, { tls: { ca: authority.ca } })).rejects.toEqual(unavailable(/certificate/u))
})

it('does not talk in plain text to a runner with TLS, nor the other way round', async () => {
  const secret = await listening({ tls })
  const plain = await listening()

  await expect(connect(secret.address)).rejects.toEqual(unavailable(/./u))
  await expect(connect(plain.address, { tls: { ca: authority.ca } })).rejects.toEqual(unavailable(/./u))
})

it('lets callers in whose certificate the authority has signed', async () => {
  const { address } = await listening({ tls: { ...tls, verifyClients: true } })

  const connection = await connect(address, { tls: { ca: authority.ca, ...authority.issue('client.test') } })

  expect(await echoOf(connection, hello)).toEqual(hello)
})

it.each([
  ['without a certificate', {}],
  ['with a certificate of another authority', stranger.issue('client.test')],
])('refuses callers %s where that is asked for', async (_what, identity) => {
  const { address, accepted } = await listening({ tls: { ...tls, verifyClients: true } })

  await expect(connect(address, { tls: { ca: authority.ca, ...identity } })).rejects.toEqual(unavailable(/./u))
  expect(accepted).toEqual([])
})

it.each<[what: string, options: object]>([
  ['no PEM', { ca: authority.ca, cert: 'cert', key: 'key' }],
  ['a certificate without its key', { cert: runner.cert }],
  ['a key of another certificate', { cert: runner.cert, key: stranger.issue('x').key }],
])('refuses %s', (_what, options) => {
  expect(() => new GrpcTransport({ tls: options })).toThrow(expect.objectContaining({ code: 'CONFIG' }))
})

it.each<[what: string, options: object]>([
  ['without a certificate', { ca: authority.ca }],
  ['with all the public authorities for its callers', { ...runner, verifyClients: true }],
])('does not listen %s', async (_what, options) => {
  await expect(listening({ tls: options })).rejects.toMatchObject({ code: 'CONFIG' })
})
