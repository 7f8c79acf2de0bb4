import { expect, it } from 'vitest'
import { bytesOf, numberOf, optional, textOf } from '../src/row-values.ts'

it.each([
  ['a text', () => textOf({ column: 5 }, 'column'), 'a number'],
  ['a number', () => numberOf({ column: 'five' }, 'column'), 'a string'],
  ['bytes', () => bytesOf({ column: null }, 'column'), 'NULL'],
])('says what to do when a column that should hold %s does not', (_, read, found) => {
  expect(read).toThrow(
    `Column column holds ${found}, which Cruster never wrote there. The file was edited or is damaged: check it with ` +
      '`pragma integrity_check`, or restore a copy.',
  )
})

it('reads NULL as undefined where that is allowed', () => {
  expect([optional({ column: null }, 'column', textOf), optional({ column: '' }, 'column', textOf)]).toEqual([
    undefined,
    '',
  ])
})
