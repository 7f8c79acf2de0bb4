import { describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/codec/codec.ts'

/**
 * Bytes that version 1 of the format has written once. They are in databases now: never change a line, only add some.
 */
const golden: readonly (readonly [value: unknown, hex: string])[] = [
  [null, '01c0'],
  [undefined, '01c70000'],
  [true, '01c3'],
  [false, '01c2'],
  [0, '0100'],
  [127, '017f'],
  [128, '01cc80'],
  [256, '01cd0100'],
  [-1, '01ff'],
  [-33, '01d0df'],
  [-129, '01d1ff7f'],
  [32_768, '01cd8000'],
  [1.5, '01cb3ff8000000000000'],
  [2 ** 31, '01ce80000000'],
  [Number.NaN, '01cb7ff8000000000000'],
  [Infinity, '01cb7ff0000000000000'],
  ['', '01a0'],
  ['Cruster', '01a743727573746572'],
  ['grüße', '01a76772c3bcc39f65'],
  ['x'.repeat(32), `01d920${'78'.repeat(32)}`],
  [new Uint8Array([1, 2, 3]), '01c403010203'],
  [new Date(1_735_689_600_000), '01d701427941f297c00000'],
  [1n, '01d40431'],
  [-1n, '01d5042d31'],
  [2n ** 64n, '01c714043138343436373434303733373039353531363136'],
  [[], '0190'],
  [[1, 'a'], '019201a161'],
  [{}, '0180'],
  [{ b: 1, a: undefined }, '0182a16201a161c70000'],
  [new Map<unknown, unknown>([['a', 1]]), '01c705029192a16101'],
  [new Set([1, 2]), '01c70303920102'],
]

describe('format version 1', () => {
  it.each(golden.map(([value, bytes]) => ({ value, bytes })))('writes $value as $bytes', ({ value, bytes }) => {
    expect(Buffer.from(encode(value)).toString('hex')).toBe(bytes)
  })

  it.each(golden.map(([value, bytes]) => ({ value, bytes })))('reads $bytes as $value', ({ value, bytes }) => {
    expect(decode(Buffer.from(bytes, 'hex'))).toStrictEqual(value)
  })
})
