import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { base64Url } from '../../src/hash/base64-url.ts'

it('writes bytes as Node does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }),
  )
})
