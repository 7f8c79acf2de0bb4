import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromStoredText, toStoredText } from '../src/stored-text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xff_ff })).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom('\0', '\u001b', '0000', 'a', '\ud83d', '\ude00')).map((parts) => parts.join('')),
)

it('comes back as it was after a trip through SQLite', () => {
  const echo = new DatabaseSync(':memory:').prepare('select ? as text')

  fc.assert(
    fc.property(anyText, (text) => {
      expect(fromStoredText(String(echo.get(toStoredText(text))?.['text']))).toBe(text)
    }),
  )
})

it('leaves ordinary text readable', () => {
  expect(['order-7', 'Größe 😀', "it's"].map(toStoredText)).toEqual(['order-7', 'Größe 😀', "it's"])
})
