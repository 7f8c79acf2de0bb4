import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyedRequestId, requestDigest } from '../../src/hash/digest.ts'

const lengthOf = (part: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}
const expected = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])))
    .digest()

describe('requestDigest', () => {
  it('is the beginning of SHA-256 over method and payload', () => {
    const payload = new Uint8Array([1, 2, 3])

    expect(requestDigest('increment', payload)).toEqual(
      new Uint8Array(expected(Buffer.from('increment'), payload).subarray(0, 16)),
    )
  })

  it('differs when the method or the payload differs', () => {
    const digests = [
      requestDigest('increment', new Uint8Array([1])),
      requestDigest('increment', new Uint8Array([2])),
      requestDigest('decrement', new Uint8Array([1])),
      requestDigest('increment\u0001', new Uint8Array()),
    ]

    expect(new Set(digests.map((digest) => digest.join(' '))).size).toBe(4)
  })
})

describe('keyedRequestId', () => {
  it('is k and 24 bytes of SHA-256 over entity, method and key in base64url', () => {
    const parts = fc.tuple(fc.string(), fc.string(), fc.string(), fc.string())
    fc.assert(
      fc.property(parts, ([type, id, method, key]) => {
        const digest = expected(...[type, id, method, key].map((part) => Buffer.from(part)))
        expect(keyedRequestId({ type, id }, method, key)).toBe(`k${digest.subarray(0, 24).toString('base64url')}`)
      }),
    )
  })

  it('is the same for ever', () => {
    expect(keyedRequestId({ type: 'Counter', id: 'a' }, 'increment', 'order-7')).toBe(
      'kkUBJkhqmxEAj_SiWALQ2_qNGX-nTS9-A',
    )
  })

  it('differs for another entity, method or key', () => {
    const ids = [
      keyedRequestId({ type: 'Counter', id: 'a' }, 'increment', 'order-7'),
      keyedRequestId({ type: 'Counter', id: 'b' }, 'increment', 'order-7'),
      keyedRequestId({ type: 'Countera', id: '' }, 'increment', 'order-7'),
      keyedRequestId({ type: 'Counter', id: 'a' }, 'decrement', 'order-7'),
      keyedRequestId({ type: 'Counter', id: 'a' }, 'increment', 'order-8'),
    ]

    expect(new Set(ids).size).toBe(5)
  })
})
