import {
  CallCycle,
  ConfigError,
  DeadlineExceeded,
  DeclaredError,
  MailboxFull,
  RemoteError,
  RunnerUnavailable,
  StorageError,
  ValidationError,
} from '@cruster/core'
import { expect, it } from 'vitest'
import { isDefect, meaningOf } from '../../src/entity/failure.ts'

const called = { stored: false, oneWay: false, recorded: true }
const storedCall = { stored: true, oneWay: false, recorded: true }
const notified = { stored: true, oneWay: true, recorded: true }
const volatileRpc = { stored: false, oneWay: false, recorded: false }

const declared = new DeclaredError('Insufficient', { missing: 5 })
const passing = [
  new MailboxFull('Counter/a', 5),
  new StorageError('the disk is full', { outcome: 'not-started' }),
  new DeadlineExceeded('Counter/a increment', 5, { outcome: 'unknown' }),
  new RunnerUnavailable('10.0.0.1:9000', { outcome: 'unknown' }),
]
const lasting = [
  new Error('no such account'),
  new TypeError('a bug'),
  new RemoteError({ remoteName: 'Error', remoteMessage: 'not there' }),
  new ValidationError('the output of Counter.increment', []),
  new ConfigError('tx is not there'),
  new CallCycle(['Counter/a (activity)']),
  'a string',
  undefined,
]

it('makes a declared error the outcome, however the call came', () => {
  const meanings = [called, storedCall, notified, volatileRpc].map((delivery) => meaningOf(declared, delivery))

  expect(meanings).toEqual(['record', 'record', 'record', 'answer'])
})

it.each(passing)('never records %s, which passes', (error) => {
  const meanings = [called, storedCall, notified, volatileRpc].map((delivery) => meaningOf(error, delivery))

  expect(meanings).toEqual(['answer', 'redeliver', 'redeliver', 'answer'])
})

it.each(lasting)('records %s where a caller waits, and delivers again where nobody does', (error) => {
  const meanings = [called, storedCall, notified, volatileRpc].map((delivery) => meaningOf(error, delivery))

  expect(meanings).toEqual(['record', 'record', 'redeliver', 'answer'])
})

it('takes bugs, and what is no error, for defects', () => {
  const defects = [new TypeError('x'), new ReferenceError('x'), new RangeError('x'), new SyntaxError('x'), 'text', null]
  const others = [new Error('x'), declared, ...passing]

  expect(defects.filter((error) => !isDefect(error))).toEqual([])
  expect(others.filter(isDefect)).toEqual([])
})
