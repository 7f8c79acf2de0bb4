import { MemoryLogger } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { GrpcTransport } from '../../src/index.ts'
import { connect, echoOf, listening } from '../ends.ts'

const hello = [{ kind: 'cancel', call: 1 }] as const

it('lets callers in who know the token', async () => {
  const { address } = await listening({ token: 'secret' })

  const connection = await connect(address, { token: 'secret' })

  expect(await echoOf(connection, hello)).toEqual(hello)
})

it.each([
  ['none', undefined],
  ['a wrong one', 'Secret'],
  ['one that is too long', 'secrets'],
])('refuses callers with %s, and says so on both sides', async (_what, token) => {
  const log = new MemoryLogger()
  const { address, accepted } = await listening({ token: 'secret', logger: log })

  const attempt = connect(address, token === undefined ? {} : { token })

  await expect(attempt).rejects.toMatchObject({
    code: 'RUNNER_UNAVAILABLE',
    outcome: 'not-started',
    message: expect.stringContaining('The token is missing or wrong. Give all processes the same `token`'),
  })
  expect(accepted).toEqual([])
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'A caller with a missing or wrong token was refused.' }])
})

it('takes old and new tokens while they are replaced', async () => {
  const { address } = await listening({ token: ['new', 'old'] })

  const [first, second] = [await connect(address, { token: 'old' }), await connect(address, { token: ['new', 'old'] })]

  expect([await echoOf(first, hello), await echoOf(second, hello)]).toEqual([hello, hello])
})

it.each(['', 'two words', 'schlüssel', 'line\n'])('refuses %j as a token', (token) => {
  expect(() => new GrpcTransport({ token })).toThrow(expect.objectContaining({ code: 'CONFIG' }))
})
