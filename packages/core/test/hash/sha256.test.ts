import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentId, requestDigest } from '../../src/hash/digest.ts'
import { chooseSha256 } from '../../src/hash/sha256.ts'

const hosts = [
  { name: 'a host with a SHA-256 of its own', host: process },
  { name: 'a host without one', host: undefined },
  { name: 'a host that imitates a part of Node', host: {} },
]

describe.each(hosts)('SHA-256 on $name', ({ host }) => {
  const sha256 = chooseSha256({ process: host })
  const digestOf = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()
  const wanted = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 32 }))

  it('gives as many bytes of the digest as are wanted', () => {
    fc.assert(
      fc.property(wanted, ([data, length]) => {
        expect(Buffer.from(sha256.bytes(data, length))).toEqual(digestOf(data).subarray(0, length))
      }),
    )
  })

  it('writes as many bytes of the digest in base64url as are wanted', () => {
    fc.assert(
      fc.property(
        wanted.filter(([, length]) => length % 3 === 0 || length === 32),
        ([data, length]) => {
          expect(sha256.text(data, length)).toBe(digestOf(data).subarray(0, length).toString('base64url'))
        },
      ),
    )
  })
})

describe('contentId', () => {
  it('is SHA-256 in base64url', () => {
    const data = new Uint8Array([1, 2, 3])

    expect(contentId(data)).toBe(createHash('sha256').update(data).digest('base64url'))
  })
})

describe('the tools that hashes share', () => {
  it('tell lists of the same length apart, also after a long one', () => {
    const texts = ['aaaa', 'bbbb']
    const before = texts.map((text) => requestDigest(text, new Uint8Array()))
    requestDigest('long', new Uint8Array(5000))
    const after = texts.map((text) => requestDigest(text, new Uint8Array()))

    expect(after).toEqual(before)
    expect(before[0]).not.toEqual(before[1])
  })
})
