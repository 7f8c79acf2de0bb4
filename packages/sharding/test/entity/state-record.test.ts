import type { StateSpec } from '@cruster/core'
import { defineEntity, defineTrait, encode, persisted, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { RegisteredEntity } from '../../src/entity/registered-entity.ts'
import { registerEntity } from '../../src/entity/registered-entity.ts'
import { decodeState, encodeState, initialState } from '../../src/entity/state-record.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'

const methods = { ping: rpc() }

/** An entity type with this state and nothing else. */
function entityWith<State extends object>(state: StateSpec<State>): RegisteredEntity {
  return registerEntity(
    defineEntity('Thing', { state, methods }).implement({ ping: () => {} }),
    undefined,
    runnerConfig(),
  )
}

it('starts from what `initial` makes of the id', async () => {
  const entity = entityWith(persisted({ initial: (id) => ({ name: id }) }))

  expect(await initialState(entity, 'a')).toEqual({ '': { name: 'a' } })
})

it('reads back what it wrote', async () => {
  const entity = entityWith(persisted({ initial: () => ({ list: [1, 2], at: new Date(5), map: new Map([['a', 1]]) }) }))
  const state = await initialState(entity, 'a')

  expect(await decodeState(entity, 'a', encodeState(entity, state))).toEqual(state)
})

it('migrates a state of an older version, telling which', async () => {
  const first = entityWith(persisted({ initial: () => ({ total: 5 }) }))
  const third = entityWith(
    persisted({ initial: () => ({ cents: 0, from: 0 }), version: 3, migrate: (old, version) => migrate(old, version) }),
  )
  const migrate = (old: unknown, version: number): { cents: number; from: number } => ({
    cents: (old as { total: number }).total * 100,
    from: version,
  })

  const bytes = encodeState(first, await initialState(first, 'a'))

  expect(await decodeState(third, 'a', bytes)).toEqual({ '': { cents: 500, from: 1 } })
})

it('gives parts that were added since their first state, and ignores parts that are gone', async () => {
  const Log = defineTrait('Log', { state: () => ({ lines: ['first'] }), methods: { read: rpc() } })
  const state = (): { n: number } => ({ n: 1 })
  const log = Log.implement({ read: () => {} })
  const plain = registerEntity(
    defineEntity('Thing', { state, methods }).implement({ ping: () => {} }),
    undefined,
    runnerConfig(),
  )
  const composed = registerEntity(
    defineEntity('Thing', { state, methods, traits: [Log] }).implement({ ping: () => {} }, { traits: [log] }),
    undefined,
    runnerConfig(),
  )

  const added = await decodeState(composed, 'a', encodeState(plain, { '': { n: 7 } }))
  const dropped = await decodeState(plain, 'a', encodeState(composed, added))

  expect(added).toEqual({ '': { n: 7 }, Log: { lines: ['first'] } })
  expect(dropped).toEqual({ '': { n: 7 } })
})

it('refuses a state that newer code has written', async () => {
  const newer = entityWith(persisted({ initial: () => ({ n: 1 }), version: 2, migrate: () => ({ n: 1 }) }))
  const older = entityWith(persisted({ initial: () => ({ n: 1 }) }))

  await expect(decodeState(older, 'a', encodeState(newer, await initialState(newer, 'a')))).rejects.toMatchObject({
    code: 'STATE_UNUSABLE',
    message: expect.stringContaining('written by version 2'),
  })
})

it('refuses an older state without a way to migrate it', async () => {
  const older = entityWith(persisted({ initial: () => ({ n: 1 }) }))
  const newer = entityWith(persisted({ initial: () => ({ n: 1 }), version: 2 }))

  await expect(decodeState(newer, 'a', encodeState(older, await initialState(older, 'a')))).rejects.toMatchObject({
    code: 'STATE_UNUSABLE',
    message: expect.stringContaining('migrate'),
  })
})

it('refuses a state whose migration throws, and says why', async () => {
  const cause = new Error('no total')
  const older = entityWith(persisted({ initial: () => ({ n: 1 }) }))
  const newer = entityWith(
    persisted({
      initial: () => ({ n: 1 }),
      version: 2,
      migrate: () => {
        throw cause
      },
    }),
  )

  await expect(decodeState(newer, 'a', encodeState(older, await initialState(older, 'a')))).rejects.toMatchObject({
    code: 'STATE_UNUSABLE',
    cause,
  })
})

it('refuses a state that does not fit the schema', async () => {
  const loose = entityWith(persisted({ initial: () => ({ n: 'one' }) }))
  const strict = entityWith(persisted({ initial: () => ({ n: 1 }), schema: z.object({ n: z.number() }) }))

  await expect(decodeState(strict, 'a', encodeState(loose, await initialState(loose, 'a')))).rejects.toMatchObject({
    code: 'STATE_UNUSABLE',
    cause: expect.objectContaining({ code: 'VALIDATION' }),
  })
})

it('takes what the schema makes of a state', async () => {
  const schema = z.object({ n: z.number().default(9) })
  const entity = entityWith(persisted({ initial: () => ({ n: 1 }), schema }))

  expect(await decodeState(entity, 'a', encode({ '': { version: 1, state: {} } }))).toEqual({ '': { n: 9 } })
})

it.each([
  ['damaged bytes', Uint8Array.of(255, 1, 2)],
  ['a number', encode(7)],
  ['nothing', encode(undefined)],
  ['a part without a version', encode({ '': { state: {} } })],
])('refuses %s', async (_, bytes) => {
  const entity = entityWith(persisted({ initial: () => ({ n: 1 }) }))

  await expect(decodeState(entity, 'a', bytes)).rejects.toMatchObject({ code: 'STATE_UNUSABLE' })
})
