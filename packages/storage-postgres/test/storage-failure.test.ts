import { expect, it } from 'vitest'
import { leavesSessionUsable, toStatementError, toStorageError } from '../src/storage-failure.ts'

const withCode = (code: string): Error => Object.assign(new Error('text of the server'), { code })

it.each([
  ['23505', 'sent', 'not-started', 'A constraint'],
  ['53300', 'before', 'not-started', 'short of disk, memory or connections'],
  ['53100', 'sent', 'not-started', 'short of disk'],
  ['57014', 'sent', 'not-started', 'statementTimeout'],
  ['57P01', 'sent', 'unknown', 'stopping or starting'],
  ['57P01', 'before', 'not-started', 'stopping or starting'],
  ['57P03', 'sent', 'not-started', 'stopping or starting'],
  ['08006', 'sent', 'unknown', 'connection was lost'],
  ['40003', 'sent', 'unknown', 'cause has the details'],
  ['28P01', 'before', 'not-started', 'pg_hba.conf'],
  ['54000', 'sent', 'not-started', 'too large'],
  ['ECONNRESET', 'sent', 'unknown', 'Is the server up'],
  ['ECONNREFUSED', 'before', 'not-started', 'Is the server up'],
] as const)('tells of SQLSTATE %s after a call was %s that its outcome is %s', (...of) => {
  const [code, progress, outcome, remedy] = of
  const cause = withCode(code)

  const error = toStorageError(cause, 'testing', progress)

  expect(error).toMatchObject({ code: 'STORAGE', outcome, cause, message: expect.stringContaining(remedy) })
  expect(error.message).toMatch(/^PostgreSQL failed while testing: text of the server\. /)
})

it('leaves a StorageError as it is', () => {
  const error = toStorageError(withCode('23505'), 'testing')

  expect(toStorageError(error, 'something else')).toBe(error)
})

it.each([
  ['23505', true],
  ['25P02', true],
  ['57P01', false],
  ['08006', false],
  ['ECONNRESET', false],
])('knows whether a session can be used after %s', (code, isUsable) => {
  expect(leavesSessionUsable(withCode(code))).toBe(isUsable)
})

it.each([
  ['23505', 'statement'],
  ['22P02', 'statement'],
  ['42P01', 'statement'],
  ['P0001', 'statement'],
  ['40001', 'storage'],
  ['57014', 'storage'],
  ['53300', 'storage'],
  ['08006', 'storage'],
  ['ECONNRESET', 'storage'],
])("says whose fault SQLSTATE %s of a handler's statement is: %s", (code, fault) => {
  expect(toStatementError(withCode(code), 'running it')).toMatchObject({ code: 'STORAGE', fault })
})
