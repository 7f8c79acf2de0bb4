import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CodecError,
  decode,
  decodeAnswer,
  encode,
  encodeError,
  encodeExit,
  encodeSuccess,
  successLength,
} from '@cruster/core'

const edges = [
  0,
  1,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  4_294_967_295,
  4_294_967_296,
  -1,
  -32,
  -33,
  0.5,
  NaN,
  Infinity,
  -0,
]
const scalars: readonly unknown[] = [...edges, undefined, null, true, false]

/** What lies beside a bigint is written by the encoder of MessagePack: a byte for the list before it, three for 1n behind. */
const byEncoder = (value: unknown): readonly number[] => [...encode([value, 1n])].slice(2, -3)

describe('values of a few bytes', () => {
  it.each(scalars.map((value) => [value]))('are the bytes that the encoder of MessagePack gives: %s', (value) => {
    expect([...encode(value)].slice(1)).toEqual(byEncoder(value))
  })

  it('are so for every number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double()), (value) => {
        expect([...encode(value)].slice(1)).toEqual(byEncoder(value))
        expect(decode(encode(value))).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  it.each([[[1]], [[1, 0xc1]], [[1, 0xcc]], [[1, 0xcd, 0]], [[1, 0xce, 0, 0, 0]], [[1, 0xc7, 1, 0]], [[2, 1]]])(
    'are refused when they are damaged: %j',
    (bytes) => {
      expect(() => decode(new Uint8Array(bytes))).toThrow(CodecError)
    },
  )
})

describe('the exit of a success', () => {
  it.each([...scalars, 'text', { id: 7, list: ['a'] }].map((value) => [value]))(
    'is the same in one step: %j',
    (value) => {
      const exit = encodeSuccess(value)
      expect(exit).toEqual(encodeExit({ kind: 'success', value: encode(value) }))
      expect(successLength(exit)).toBe(encode(value).length)
      expect(decodeAnswer(exit)).toEqual({ kind: 'success', value: value === 0 ? 0 : value })
    },
  )

  it('names what cannot be encoded, also when the name is made on demand', () => {
    expect(() =>
      encodeSuccess(
        () => 1,
        () => 'the output of Counter.get',
      ),
    ).toThrow('the output of Counter.get is a function')
  })

  it('gives the error of a failure', () => {
    const error = encodeError(new CodecError('no'))
    expect(decodeAnswer(encodeExit({ kind: 'failure', error }))).toEqual({ kind: 'failure', error })
  })
})
