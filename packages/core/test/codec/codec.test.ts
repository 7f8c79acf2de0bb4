import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalOf, decode, encode, encodeCanonical } from '../../src/codec/codec.ts'
import { CodecError } from '../../src/error/codec-error.ts'

const roundTrip = (value: unknown): unknown => decode(encode(value))

/** Objects cannot have a field of the one name that is refused. */
const fieldName = fc.string().filter((name) => name !== '__proto__')

/** Whatever the codec promises to keep, nested. */
const anyData = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false, Number.NaN, Infinity, -Infinity),
    fc.double().map((number) => number + 0),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.bigInt(),
    fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('data')),
    fc.dictionary(fieldName, tie('data'), { noNullPrototype: true }),
    fc.array(fc.tuple(tie('data'), tie('data'))).map((entries) => new Map(entries)),
    fc.array(tie('data')).map((items) => new Set(items)),
  ),
})).data

describe('canonicalOf', () => {
  it('is the canonical form, whatever order the keys of the value are in', () => {
    fc.assert(
      fc.property(anyData, (value) => {
        expect(canonicalOf(value, encode(value))).toEqual(encodeCanonical(value))
      }),
    )
  })

  it('takes the bytes that are there when all keys are in order', () => {
    const inOrder = { a: [{ b: 1, c: 2 }], d: new Uint8Array([1]) }
    const encoded = encode(inOrder)

    expect(canonicalOf(inOrder, encoded)).toBe(encoded)
    expect(canonicalOf({ d: 1, a: 2 }, encode({ d: 1, a: 2 }))).toEqual(encode({ a: 2, d: 1 }))
  })
})

describe('encode and decode', () => {
  it('give back every value of the kinds they promise to keep', () => {
    fc.assert(
      fc.property(anyData, (value) => {
        expect(roundTrip(value)).toStrictEqual(value)
      }),
    )
  })

  it.each([
    ['an array of 70 000 items', Array.from({ length: 70_000 }, (_, index) => index)],
    ['an object of 20 fields', Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, index]))],
    [
      'an object of 70 000 fields',
      Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`f${index}`, index])),
    ],
    ['a string of 100 000 characters', 'grüße '.repeat(20_000)],
    ['a string that begins with a byte order mark', '\uFEFFtext'],
    ['an astral string', '👩‍👩‍👧'.repeat(50)],
    ['100 000 bytes', new Uint8Array(100_000).fill(7)],
    ['integers at the edges of their sizes', [0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 2 ** 31 - 1, 2 ** 31, 2 ** 53]],
    ['negative integers at the edges', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1]],
    [
      'bigints at the edges',
      [0n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 2n ** 64n, -(2n ** 128n)],
    ],
    ['a map with objects as keys', new Map([[{ a: 1 }, new Map([[1, 'one']])]])],
    ['keys that are the names of methods', { constructor: 1, toJSON: 2, hasOwnProperty: 3 }],
  ])('keep %s', (_, value) => {
    expect(roundTrip(value)).toStrictEqual(value)
  })

  it('keep objects apart from maps', () => {
    const decoded = roundTrip({ object: { a: 1 }, map: new Map([['a', 1]]) })

    expect(decoded).toStrictEqual({ object: { a: 1 }, map: new Map([['a', 1]]) })
  })

  it('turn an object without a prototype into a plain one', () => {
    const row: unknown = Object.assign(Object.create(null), { id: 1 })

    expect(roundTrip(row)).toStrictEqual({ id: 1 })
  })

  it('turn a Buffer into plain bytes', () => {
    expect(roundTrip(Buffer.from('abc'))).toStrictEqual(new Uint8Array([97, 98, 99]))
  })
})

describe('encode', () => {
  it('gives each value memory of its own and of its own size', () => {
    const first = encode({ text: 'first' })
    const copy = first.slice()

    const second = encode({ text: 'other' })

    expect(first).toEqual(copy)
    expect(first.buffer).not.toBe(second.buffer)
    expect(first.byteLength).toBe(first.buffer.byteLength)
  })

  it.each([
    ['a function', { items: [{ price: () => 3 }] }, 'input.items[0].price is a function'],
    ['a symbol', [Symbol('s')], 'input[0] is a symbol'],
    ['an instance of a class', { site: new URL('http://a.test') }, 'input.site is an instance of URL'],
    ['an Error', { error: new Error('no') }, 'input.error is an instance of Error'],
    ['a Promise', { user: Promise.resolve() }, 'input.user is a Promise, so an `await` is missing'],
    ['a RegExp inside a map', new Map([['pattern', /a/]]), 'input{pattern} is an instance of RegExp'],
    ['a function as a key of a map', new Map([[() => 1, 2]]), 'input{key function} is a function'],
    ['a WeakMap inside a set', new Set([1, new WeakMap()]), 'input{1} is an instance of WeakMap'],
    ['half of a surrogate pair', { name: 'half: \uD83D' }, 'input.name is text with half of a surrogate pair'],
    ['a field named __proto__', JSON.parse('{"__proto__": 1}'), 'input has a field named __proto__'],
    ['a field whose name needs quotes', { 'a b': () => 1 }, 'input["a b"] is a function'],
  ])('refuses %s and says where it is', (_, value, reason) => {
    expect(() => encode(value, 'input')).toThrow(
      new CodecError(`${reason}, which cannot be encoded. Use plain data: see the list at \`encode\`.`),
    )
  })

  it('refuses a value that contains itself', () => {
    const parent: { children: unknown[] } = { children: [] }
    parent.children.push({ parent })

    expect(() => encode(parent)).toThrow('value.children[0].parent contains itself')
  })

  it('takes the same object at two places', () => {
    const shared = { a: 1 }

    expect(roundTrip([shared, shared])).toStrictEqual([{ a: 1 }, { a: 1 }])
  })

  it('takes 200 levels and refuses 201', () => {
    const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 0)

    expect(roundTrip(nested(200))).toStrictEqual(nested(200))
    expect(() => encode(nested(201))).toThrow('is nested deeper than 200 levels')
  })

  it('says what a getter threw', () => {
    const value = {
      get field(): never {
        throw new TypeError('revoked')
      },
    }

    expect(() => encode(value)).toThrow(new CodecError('value could not be read while it was encoded: revoked.'))
  })

  it('can be called by a getter of the value that it is encoding', () => {
    const value = {
      a: 'outer',
      get b() {
        return encode({ inner: true })
      },
    }

    expect(roundTrip(value)).toStrictEqual({ a: 'outer', b: encode({ inner: true }) })
  })

  it('works again after a failure', () => {
    expect(() => encode({ a: () => 1 })).toThrow(CodecError)

    expect(roundTrip({ a: 1 })).toStrictEqual({ a: 1 })
  })
})

describe('decode', () => {
  it('refuses a value cut at any place', () => {
    fc.assert(
      fc.property(anyData, fc.nat(), (value, cut) => {
        const bytes = encode(value)
        expect(() => decode(bytes.subarray(0, cut % bytes.length))).toThrow(CodecError)
      }),
    )
  })

  it('throws nothing but CodecError on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (garbage) => {
        expect(outcomeOf(() => decode(Uint8Array.of(1, ...garbage)))).toMatch(/^(value|CodecError)$/u)
      }),
      { numRuns: 5000 },
    )
  })

  it('throws nothing but CodecError on a value with one wrong byte', () => {
    fc.assert(
      fc.property(anyData, fc.nat(), fc.nat(255), (value, at, byte) => {
        const bytes = encode(value)
        bytes[at % bytes.length] = byte
        expect(outcomeOf(() => decode(bytes))).toMatch(/^(value|CodecError)$/u)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['nothing', [], 'format version (none)'],
    ['a newer version', [2, 0xc0], 'format version 2, and this runner reads version 1'],
    ['bytes after the value', [1, 0xc0, 0xc0], 'Extra 1 of 2 byte'],
    ['an array that claims four billion items', [1, 0xdd, 0xff, 0xff, 0xff, 0xff], 'damaged'],
    ['a key that is a number', [1, 0x81, 0x01, 0x02], 'a key is not a string'],
    ['an unknown extension', [1, 0xd4, 0x63, 0x00], 'extension 99 is unknown'],
    ['endless nesting', [1, ...Array.from({ length: 600 }, () => 0x91)], 'damaged'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decode(new Uint8Array(bytes))).toThrow(expect.objectContaining({ code: 'CODEC' }))
    expect(() => decode(new Uint8Array(bytes))).toThrow(message)
  })

  it('gives bytes that share no memory with its input', () => {
    const encoded = encode(new Uint8Array([1, 2, 3]))

    const decoded = decode(encoded) as Uint8Array
    encoded.fill(0)

    expect(decoded).toStrictEqual(new Uint8Array([1, 2, 3]))
  })

  it('reads from the middle of a larger buffer', () => {
    const encoded = encode({ price: 1.5, name: 'a' })
    const larger = Buffer.alloc(encoded.length + 20)
    larger.set(encoded, 9)

    expect(decode(larger.subarray(9, 9 + encoded.length))).toStrictEqual({ price: 1.5, name: 'a' })
  })
})

function outcomeOf(run: () => unknown): string {
  try {
    run()
    return 'value'
  } catch (error) {
    return (error as Error).name
  }
}

describe('encodeCanonical', () => {
  it('gives equal bytes for equal objects, whatever the order of their keys', () => {
    const one = encodeCanonical({ a: 1, b: { c: [{ d: 1, e: undefined }], f: 2n } })
    const other = encodeCanonical({ b: { f: 2n, c: [{ e: undefined, d: 1 }] }, a: 1 })

    expect(one).toEqual(other)
  })
})
