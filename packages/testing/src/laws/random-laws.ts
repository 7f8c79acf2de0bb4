import assert from 'node:assert/strict'
import type { Law } from '../law.ts'
import type { RandomWorld } from './random/random-world.ts'

const draws = 10_000
const version4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u

/** What every `Random` promises. */
export const randomLaws: readonly Law<RandomWorld>[] = [
  {
    id: 'RN1',
    title: '`next` is in [0, 1)',
    async check({ random }) {
      const drawn = Array.from({ length: draws }, () => random.next())

      for (const number of drawn) assert.ok(number >= 0 && number < 1, `${number} is not in [0, 1)`)
      assert.ok(Math.min(...drawn) < 0.01 && Math.max(...drawn) > 0.99, 'it leaves a part of the range out')
    },
  },
  {
    id: 'RN2',
    title: '`bytes(n)` has n bytes',
    async check({ random }) {
      for (const length of [0, 1, 16, 100_000]) assert.equal(random.bytes(length).length, length)

      assert.equal(new Set(random.bytes(100_000)).size, 256, 'some bytes never come')
    },
  },
  {
    id: 'RN3',
    title: '`uuid` is a version 4 UUID, and no two are equal',
    async check({ random }) {
      const uuids = Array.from({ length: draws }, () => random.uuid())

      for (const uuid of uuids) assert.match(uuid, version4)
      assert.equal(new Set(uuids).size, draws, 'two are equal')
    },
  },
]
