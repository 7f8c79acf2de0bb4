import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, encodeCanonical } from '../../src/codec/codec.ts'
import { PlainWriter } from '../../src/codec/plain-writer.ts'
import { CodecError } from '../../src/error/codec-error.ts'

/** What lies beside a bigint is written by the library: the version and a byte for the list before it, three for 1n behind. */
const byLibrary = (write: (value: unknown) => Uint8Array, value: unknown): Uint8Array => write([value, 1n]).slice(2, -3)

const written = (value: unknown, sortKeys = false): Uint8Array | undefined => new PlainWriter(sortKeys).write(value, 0)

const numbers = [
  ...[0, 1, 5, 7, 8, 15, 16, 31, 32, 53].flatMap((bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]),
  0.1,
  1e300,
  Number.NaN,
  Infinity,
].flatMap((number) => [number, -number])

const plainData = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false),
    fc.double(),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('data'), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__'),
      tie('data'),
    ),
  ),
})).data

describe('small values of the usual kinds', () => {
  it.each(numbers)('are the bytes that the library gives: %d', (number) => {
    expect(written(number)).toEqual(byLibrary(encode, number))
  })

  it.each([0, 1, 15, 16, 31, 32, 63, 64, 65, 255, 256, 2000])(
    'are the bytes that the library gives: %d of each',
    (count) => {
      const samples: readonly unknown[] = [
        'a'.repeat(count),
        'é'.repeat(count),
        `${'a'.repeat(count)}😀`,
        new Uint8Array(count).fill(7),
        Array.from({ length: count }, (_, index) => index),
        Object.fromEntries(Array.from({ length: Math.min(count, 500) }, (_, index) => [`f${index}`, index])),
      ]
      for (const sample of samples) expect(written(sample)).toEqual(byLibrary(encode, sample))
    },
  )

  it('are the bytes that the library gives, whatever lies in what, in the order of keys or as they came', () => {
    fc.assert(
      fc.property(plainData, (value) => {
        const bytes = written(value)
        fc.pre(bytes !== undefined)
        expect(bytes).toEqual(byLibrary(encode, value))
        expect(encodeCanonical([value]).slice(2)).toEqual(byLibrary(encodeCanonical, value))
      }),
    )
  })

  it.each([
    ['a large text', 'a'.repeat(9000)],
    ['large bytes', new Uint8Array(9000)],
    ['a long array', Array.from({ length: 9000 }, () => 0)],
    ['small parts of a large value', Array.from({ length: 900 }, () => 'some text')],
  ])('do not include %s', (_, value) => {
    expect(written(value)).toBeUndefined()
    expect(decode(encode(value))).toEqual(value)
  })

  it.each([
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['an instance', new Error('no data')],
    ['a function', () => 1],
    ['half of a surrogate pair', '\uD800'],
    ['a field named __proto__', JSON.parse('{"__proto__":1}')],
  ])('do not include %s', (_, value) => {
    expect(written(value)).toBeUndefined()
    expect(written([{ within: value }])).toBeUndefined()
  })

  it('may encode others while they are encoded', () => {
    const value = {
      first: 'before',
      get second() {
        return [...encode(['inner'])]
      },
      third: 'after',
    }

    expect(decode(encode(value))).toEqual({ first: 'before', second: [...encode(['inner'])], third: 'after' })
    expect(decode(encode(['again']))).toEqual(['again'])
  })

  it('are refused with their place when a getter throws, and others are encoded afterwards', () => {
    const value = {
      get broken() {
        throw new Error('no value')
      },
    }

    expect(() => encode(value)).toThrow(CodecError)
    expect(decode(encode(['again']))).toEqual(['again'])
  })
})
