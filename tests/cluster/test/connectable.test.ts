import type { ClientHost, Connectable } from '@cruster/core'
import { ConfigError, activity, defineEntity, stream } from '@cruster/core'
import { hiddenEntity } from '@cruster/sharding/extension'
import { expect, it } from 'vitest'
import { failureOf } from './failure-of.ts'
import { native } from './installed.ts'
import { startCluster } from './start-cluster.ts'

const heard: string[] = []
const Ear = hiddenEntity('Test/Ear', { methods: { hear: activity<string>() } })
const ear = native(Ear, () => ({ handlers: { hear: async ({ input }) => void heard.push(String(input)) } }))

interface Whisperer {
  whisper(text: string): Promise<void>
}

/** A contract that brings its own client. */
const Whisper: Connectable<Whisperer> & { readonly kind: 'whisper' } = {
  kind: 'whisper',
  connect: (host: ClientHost) => ({ whisper: (text) => host.client(Ear).notify('ear').hear(text) }),
}

const Speaker = defineEntity('Speaker', { methods: { say: activity<string>() } })
const speaker = Speaker.implement({
  say: async ({ client }, text) => {
    await client(Whisper).whisper(text)
    if (text === 'secret') throw new Error('not said')
  },
})

it('makes the client of a contract that brings its own, in runners, clients and handlers', async () => {
  heard.length = 0
  const cluster = await startCluster({ runners: 2, register: [ear, speaker] })

  await cluster.client(Whisper).whisper('from a client')
  await cluster.runners[0]!.runner.client(Whisper).whisper('from a runner')
  await cluster.client(Speaker).get('a').say('from a handler')
  await cluster.until('all was heard', () => heard.length === 3)

  expect(heard.toSorted()).toEqual(['from a client', 'from a handler', 'from a runner'])
})

it('sends from an activity with its commit or not at all', async () => {
  heard.length = 0
  const cluster = await startCluster({ register: [ear, speaker] })

  expect(await failureOf(cluster.client(Speaker).get('a').say('secret'))).toMatchObject({ message: 'not said' })
  await cluster.client(Speaker).get('a').say('open')
  await cluster.until('something was heard', () => heard.length > 0)
  await cluster.clock.advance('1 minute')

  expect(heard).toEqual(['open'])
})

it('returns the client of what is installed in a running runner', async () => {
  heard.length = 0
  const cluster = await startCluster({ runners: 1 })

  const ears = cluster.runners[0]!.runner.register(ear)
  await cluster.settled(ears.get('a').hear('hello'))

  expect(heard).toEqual(['hello'])
})

it('refuses what is no contract', async () => {
  const cluster = await startCluster({ runners: 1 })
  const noContract: unknown = { name: 'Ear' }

  expect(() => cluster.client(noContract as Connectable<unknown>)).toThrow(ConfigError)
})

it('refuses a name that is taken', async () => {
  const { runner } = (await startCluster({ register: [ear] })).runners[0]!

  expect(() => runner.register(ear)).toThrow('Test/Ear is registered already')
})

it('refuses a native entity with a stream', async () => {
  const { runner } = (await startCluster({ runners: 1 })).runners[0]!
  const Brook = hiddenEntity('Test/Brook', { methods: { flow: stream<void, number>() } })

  expect(() => runner.register(native(Brook, () => ({ handlers: {} })))).toThrow('Test/Brook.flow is a stream')
})
