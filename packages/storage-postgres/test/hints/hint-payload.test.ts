import { shardId } from '@cruster/core'
import { expect, it } from 'vitest'
import { fromPayload, toPayloads } from '../../src/hints/hint-payload.ts'

it('splits hints of many shards into notifications that PostgreSQL takes', () => {
  const last = new Map(Array.from({ length: 2048 }, (_, index) => [shardId('größe', index), 2 ** 40 + index]))

  const payloads = toPayloads(last)

  expect(Math.max(...payloads.map((text) => Buffer.byteLength(text)))).toBeLessThan(8000)
  expect(new Map(payloads.flatMap((text) => [...(fromPayload(text) ?? [])]))).toEqual(last)
})

it.each(['', 'hello', '{}', '[1]', '[["default:1"]]', '[["default:1","2"]]'])('takes no notice of %j', (text) => {
  expect(fromPayload(text)).toBeUndefined()
})

it('has nothing to tell of nothing', () => {
  expect(toPayloads(new Map())).toEqual([])
})
