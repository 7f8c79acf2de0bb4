import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/codec/codec.ts'
import { PlainReader, notPlain } from '../../src/codec/plain-reader.ts'
import { CodecError } from '../../src/error/codec-error.ts'

const read = (bytes: readonly number[]): unknown => new PlainReader().read(new Uint8Array(bytes), 0)

const plainData = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false),
    fc.double(),
    fc.nat({ max: 0xffff_ffff }),
    fc.integer({ min: -32, max: 0 }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('data'), { maxLength: 40 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme-ascii', maxLength: 31 }).filter((name) => name !== '__proto__'),
      tie('data'),
      { noNullPrototype: true },
    ),
  ),
})).data

describe('small values of the usual kinds', () => {
  it('are read as they were written, and share no memory with the bytes', () => {
    const reader = new PlainReader()
    fc.assert(
      fc.property(plainData, (value) => {
        const bytes = encode([value])
        const first = reader.read(bytes, 1)
        fc.pre(first !== notPlain)
        bytes.fill(0)
        // The library reads what lies beside a bigint.
        const [expected] = decode(encode([value, 1n])) as readonly unknown[]
        expect(first).toStrictEqual([expected])
      }),
    )
  })

  it('are read from the bytes of a Buffer too, as Uint8Arrays of their own', () => {
    const bytes = Buffer.from(encode({ exit: new Uint8Array([1, 2, 3]) }))
    const value = decode(bytes)
    bytes.fill(0)

    expect(value).toStrictEqual({ exit: new Uint8Array([1, 2, 3]) })
  })

  it('keep apart names that begin and end alike', () => {
    const names = ['abcd', 'axyd', 'abd', 'abcd', 'axyd']
    const values = names.map((name) => decode(encode({ [name]: 1 })))

    expect(values).toEqual(names.map((name) => ({ [name]: 1 })))
  })

  it.each([
    ['text that is no ASCII', [0xa2, 0xc3, 0xa9]],
    ['a field named __proto__', [0x81, 0xa9, ...Buffer.from('__proto__'), 1]],
    ['a name that is a number', [0x81, 1, 1]],
    ['another extension', [0xc7, 0, 9]],
    ['a date', [0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a number of 64 bits', [0xcf, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['values behind the value', [1, 1]],
    ['nothing', []],
  ])('do not include %s', (_, bytes) => {
    expect(read(bytes)).toBe(notPlain)
  })

  it('are not read from bytes that are cut, wherever that is', () => {
    const value = { text: 'some text', part: new Uint8Array(40), number: 70_000, float: 0.5, items: [undefined, -1] }
    const bytes = encode(value)
    for (let length = 1; length < bytes.length; length += 1) {
      expect(new PlainReader().read(bytes.subarray(0, length), 1)).toBe(notPlain)
      expect(() => decode(bytes.subarray(0, length))).toThrow(CodecError)
    }
  })

  it('do not include values that are nested deeply, which the library reads', () => {
    let value: unknown = 1
    for (let depth = 0; depth < 150; depth += 1) value = [value]
    const bytes = encode(value)

    expect(new PlainReader().read(bytes, 1)).toBe(notPlain)
    expect(decode(bytes)).toEqual(value)
  })
})
