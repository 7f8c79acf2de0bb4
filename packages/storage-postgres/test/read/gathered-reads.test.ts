import { VirtualClock } from '@cruster/core/memory'
import { requestId } from '@cruster/core'
import { expect, it } from 'vitest'
import { GatheredReads } from '../../src/read/gathered-reads.ts'
import { address, bytes, commit, fence, putState, saveReply } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const gathering = (clock: VirtualClock) => ({ clock, accept: () => undefined, read: async () => [] })

it('reads together what is asked in one turn, and answers each with its own', async () => {
  const together: (readonly string[])[] = []
  const clock = new VirtualClock()
  const reads = new GatheredReads(gathering(clock), async (keys: readonly string[]) => {
    together.push(keys)
    return keys.map((key) => `value of ${key}`)
  })

  const first = Promise.all([reads.read('a'), reads.read('b')])
  await clock.advance(0)
  expect(await first).toEqual(['value of a', 'value of b'])
  const second = reads.read('c')
  await clock.advance(0)

  expect(await second).toBe('value of c')
  expect(together).toEqual([['a', 'b'], ['c']])
})

it('shares out what is too much for one statement', async () => {
  const sizes: number[] = []
  const clock = new VirtualClock()
  const reads = new GatheredReads(gathering(clock), async (keys: readonly number[]) => {
    sizes.push(keys.length)
    return keys
  })

  const values = Promise.all(Array.from({ length: 150 }, (_, key) => reads.read(key)))
  await clock.advance(0)

  expect(await values).toEqual(Array.from({ length: 150 }, (_, key) => key))
  expect(sizes).toEqual([64, 64, 22])
})

it('fails all that were read together, and none that are read later', async () => {
  let isBroken = true
  const clock = new VirtualClock()
  const reads = new GatheredReads(gathering(clock), async (keys: readonly string[]) => {
    if (isBroken) throw new Error('the line broke')
    return keys
  })

  const failed = Promise.allSettled([reads.read('a'), reads.read('b')])
  await clock.advance(0)
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isBroken = false
  const later = reads.read('c')
  await clock.advance(0)

  expect(await later).toBe('c')
})

it('gives each execution its own page of its journal, whoever else reads in the same turn', async () => {
  const { open } = await testSchema()
  const storage = await open()
  await storage.claim([fence(1)])
  const entries = (...texts: readonly string[]) => texts.map((text) => bytes(text))
  await commit(storage, {
    fence: fence(1),
    operations: [
      { kind: 'appendJournal', address: address('a'), position: 1, entries: entries('a1', 'a2', 'a3') },
      { kind: 'appendJournal', address: address('b "\\,{}'), position: 1, entries: entries('b1') },
    ],
  })
  const page = (id: string, after: number, limit: number) =>
    storage.journals.read({ address: address(id), after, limit })

  const pages = await Promise.all([
    page('b "\\,{}', 0, 9),
    page('none', 0, 9),
    page('a', 1, 1),
    page('a', 0, 9),
    page('a', 3, 9),
  ])

  expect(pages).toEqual([entries('b1'), [], entries('a2'), entries('a1', 'a2', 'a3'), []])
})

it('gives each its own state and reply, whoever else reads in the same turn', async () => {
  const { open } = await testSchema()
  const storage = await open()
  await storage.claim([fence(1)])
  const operations = [putState('a', 1), putState('b', 1), saveReply('r1', 'one'), saveReply('r2', 'two')]
  await commit(storage, { fence: fence(1), operations })

  const states = Promise.all(['b', 'none', 'a'].map((id) => storage.states.load(address(id))))
  const replies = Promise.all(['r2', 'none', 'r1'].map((id) => storage.replies.find(requestId(id))))

  expect(await states).toEqual([{ version: 1, state: bytes('b 1') }, undefined, { version: 1, state: bytes('a 1') }])
  expect((await replies).map((found) => found?.exit)).toEqual([bytes('two'), undefined, bytes('one')])
})

it('reads what was asked before it closes', async () => {
  const { open } = await testSchema()
  const storage = await open()

  const asked = [
    storage.journals.read({ address: address('a'), after: 0, limit: 1 }),
    storage.states.load(address('a')),
  ]
  await storage[Symbol.asyncDispose]()

  expect(await Promise.all(asked)).toEqual([[], undefined])
})
