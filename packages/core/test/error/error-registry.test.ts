import { describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/codec/codec.ts'
import { DeclaredError } from '../../src/contract/declared-error.ts'
import { ActivityFailed } from '../../src/error/activity-failed.ts'
import { CallCycle } from '../../src/error/call-cycle.ts'
import { ClockDriftExceeded } from '../../src/error/clock-drift-exceeded.ts'
import { CodecError } from '../../src/error/codec-error.ts'
import { ConfigError } from '../../src/error/config-error.ts'
import type { CrusterError } from '../../src/error/cruster-error.ts'
import { DeadLettered } from '../../src/error/dead-lettered.ts'
import { DeadlineExceeded } from '../../src/error/deadline-exceeded.ts'
import { Defect } from '../../src/error/defect.ts'
import { DiscoveryError } from '../../src/error/discovery-error.ts'
import { EntityNotFound } from '../../src/error/entity-not-found.ts'
import type { ErrorData } from '../../src/error/error-data.ts'
import { decodeError, encodeError } from '../../src/error/error-registry.ts'
import { ExecutionNotFound } from '../../src/error/execution-not-found.ts'
import { Fenced } from '../../src/error/fenced.ts'
import { IdempotencyConflict } from '../../src/error/idempotency-conflict.ts'
import { Interrupted } from '../../src/error/interrupted.ts'
import { JournalTooLarge } from '../../src/error/journal-too-large.ts'
import { MailboxFull } from '../../src/error/mailbox-full.ts'
import { MethodNotFound } from '../../src/error/method-not-found.ts'
import { NonDeterminismError } from '../../src/error/non-determinism-error.ts'
import { PayloadTooLarge } from '../../src/error/payload-too-large.ts'
import { RemoteError } from '../../src/error/remote-error.ts'
import { RunnerUnavailable } from '../../src/error/runner-unavailable.ts'
import { ShuttingDown } from '../../src/error/shutting-down.ts'
import { StateUnusable } from '../../src/error/state-unusable.ts'
import { StorageError } from '../../src/error/storage-error.ts'
import { ValidationError } from '../../src/error/validation-error.ts'
import { VersionNotRegistered } from '../../src/error/version-not-registered.ts'
import { WorkflowCancelled } from '../../src/error/workflow-cancelled.ts'

const overTheWire = (error: unknown): CrusterError => decodeError(decode(encode(encodeError(error))) as ErrorData)

const family: readonly CrusterError[] = [
  new ActivityFailed({ activity: 'charge', attempts: 4 }, { outcome: 'failed', cause: new ShuttingDown() }),
  new CallCycle(['Account/a', 'Account/b', 'Account/a']),
  new ClockDriftExceeded(6000),
  new CodecError('input.price is a function, which cannot be encoded.'),
  new ConfigError('"1x" cannot name an entity.'),
  new DeadLettered(5, 'the card was declined.'),
  new DeadlineExceeded('Counter/a increment', 30_000, { outcome: 'unknown' }),
  new Defect('A case was forgotten.'),
  new DiscoveryError('etcd did not answer within 5 s.', { outcome: 'unknown' }),
  new EntityNotFound('Counter'),
  new ExecutionNotFound('Workflow/ProcessOrder/order-7'),
  new Fenced('default:17'),
  new IdempotencyConflict('Counter/a', 'increment'),
  new Interrupted('Counter/a increment', { outcome: 'failed', cause: new Error('the user left') }),
  new JournalTooLarge('Workflow/ProcessOrder/order-7', 50_000, 1_234_567),
  new MailboxFull('Counter/a', 100),
  new MethodNotFound('Counter', 'decrement'),
  new NonDeterminismError({
    execution: 'Workflow/ProcessOrder/order-7',
    step: 3,
    recorded: 'activity charge (2nd)',
    asked: 'activity charge (2nd)',
    recordedDigest: '00ff',
    askedDigest: '01ff',
  }),
  new PayloadTooLarge(5_000_000, 4_000_000),
  new RemoteError({ remoteName: 'TypeError', remoteMessage: 'x is undefined', remoteCode: 'E_X', data: { a: 1 } }),
  new RunnerUnavailable('10.0.0.1:9000', { outcome: 'not-started', cause: new Error('connection refused') }),
  new ShuttingDown(),
  new StateUnusable('Counter/a', 'it does not fit the schema', { cause: new Error('count: expected a number') }),
  new StorageError('The connection to PostgreSQL was lost.', { outcome: 'unknown' }),
  new ValidationError('the input of Counter.increment', [
    { message: 'expected a number', path: ['items', 0, 'price'] },
    { message: 'unknown field', path: [] },
  ]),
  new VersionNotRegistered('Workflow/ProcessOrder/order-7', 1, [2, 3]),
  new WorkflowCancelled('Workflow/ProcessOrder/order-7', 'the customer left'),
]

describe('an error of the closed family', () => {
  it.each(family.map((error) => [error.code, error] as const))(
    '%s crosses the wire with class and fields',
    (_, error) => {
      const arrived = overTheWire(error)

      expect(arrived.constructor).toBe(error.constructor)
      expect(Object.entries(arrived)).toEqual(Object.entries(error))
      expect(arrived.message).toBe(error.message)
    },
  )

  it.each(family.map((error) => [error.code, error] as const))('%s tells its message as written here', (_, error) => {
    expect(`${error.name} ${error.code} ${error.outcome}: ${error.message}`).toMatchSnapshot()
  })

  it('has a code of its own', () => {
    expect(new Set(family.map(({ code }) => code)).size).toBe(family.length)
  })

  it('keeps what sets it apart from others of its code', () => {
    const crowded = new MailboxFull('Counter/a', 100, 'streams')
    const refused = new StorageError('UNIQUE constraint failed.', { outcome: 'failed', fault: 'statement' })

    expect(overTheWire(crowded)).toMatchObject({ crowd: 'streams', message: expect.stringContaining('streamCapacity') })
    expect(overTheWire(refused)).toMatchObject({ fault: 'statement', outcome: 'failed' })
  })

  it('keeps the outcome that its thrower knew', () => {
    expect(overTheWire(new Interrupted('a call', { outcome: 'failed' })).outcome).toBe('failed')
  })

  it('of a newer version arrives as a RemoteError that names it', () => {
    const data: ErrorData = {
      family: 'cruster',
      name: 'Tomorrow',
      message: 'not yet',
      code: 'TOMORROW',
      outcome: 'failed',
    }

    expect(decodeError(data)).toEqual(
      new RemoteError(
        { remoteName: 'Tomorrow', remoteMessage: 'not yet', remoteCode: 'TOMORROW' },
        { outcome: 'failed' },
      ),
    )
  })

  it('of a newer version whose outcome is not told may have happened', () => {
    expect(decodeError({ family: 'cruster', name: 'Tomorrow', message: 'not yet', code: 'TOMORROW' }).outcome).toBe(
      'unknown',
    )
  })

  it('with fields that do not fit arrives as a RemoteError', () => {
    const data: ErrorData = {
      family: 'cruster',
      name: 'MailboxFull',
      message: 'full',
      code: 'MAILBOX_FULL',
      details: { capacity: 'x' },
    }

    expect(decodeError(data)).toMatchObject({ code: 'REMOTE', remoteCode: 'MAILBOX_FULL', message: 'full' })
  })
})

describe('a failed activity', () => {
  it('arrives with its cause', () => {
    const failed = new ActivityFailed(
      { activity: 'charge', attempts: 1 },
      { outcome: 'failed', cause: new RangeError('no') },
    )

    expect(overTheWire(failed).cause).toMatchObject({ code: 'REMOTE', remoteName: 'RangeError', message: 'no' })
  })
})

describe('a disagreement of a workflow with its journal', () => {
  const at = { execution: 'Workflow/A/1', step: 2 }

  it.each([
    [
      'another step',
      { ...at, recorded: 'activity a', asked: 'sleep' },
      'recorded is activity a, the code asks for sleep',
    ],
    [
      'a step too few',
      { ...at, recorded: 'activity a', asked: undefined },
      'recorded is activity a, and the code does not',
    ],
    [
      'a step too many',
      { ...at, recorded: undefined, asked: 'sleep' },
      'asks for sleep, and nothing like it is recorded',
    ],
  ])('says what it is when the code comes to %s', (_, disagreement, text) => {
    expect(new NonDeterminismError(disagreement).message).toContain(text)
    expect(overTheWire(new NonDeterminismError(disagreement))).toEqual(new NonDeterminismError(disagreement))
  })
})

describe('an error of a handler', () => {
  it('arrives with name, message and code, and nothing else', () => {
    const error = Object.assign(new TypeError('no such user'), { code: 'E_USER', password: 'secret' })

    const data = encodeError(error)

    expect(data).toEqual({ family: 'remote', name: 'TypeError', message: 'no such user', code: 'E_USER' })
    expect(decodeError(data)).toMatchObject({
      code: 'REMOTE',
      outcome: 'failed',
      message: 'no such user',
      remoteName: 'TypeError',
      remoteCode: 'E_USER',
    })
  })

  it('loses a code that is not text', () => {
    expect(encodeError(Object.assign(new Error('m'), { code: 42 }))).toEqual({
      family: 'remote',
      name: 'Error',
      message: 'm',
    })
  })

  it.each([
    ['a string', 'just text', 'just text'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an object', { a: 1 }, '[object Object]'],
    ['an object that cannot be read', Object.create(null), 'A value that cannot be read was thrown.'],
  ])('can be %s', (_, thrown, message) => {
    expect(overTheWire(thrown)).toMatchObject({ remoteName: 'NonError', message })
  })

  it('with a getter that throws is told without it', () => {
    const hostile = Object.defineProperty(new Error('m'), 'message', {
      get: () => {
        throw new Error('again')
      },
    })

    expect(encodeError(hostile).message).toBe('A value that cannot be read was thrown.')
  })

  it('that came from another runner keeps its first name', () => {
    const first = overTheWire(new RangeError('too far'))

    expect(overTheWire(first)).toMatchObject({ remoteName: 'RangeError', message: 'too far' })
  })
})

describe('a declared error', () => {
  it('carries its name and data', () => {
    const data = encodeError(new DeclaredError('Insufficient', { balance: 3 }, 'Only 3 left.'))

    expect(data).toEqual({
      family: 'declared',
      name: 'Insufficient',
      message: 'Only 3 left.',
      details: { data: { balance: 3 } },
    })
    expect(decodeError(data)).toMatchObject({ remoteName: 'Insufficient', data: { balance: 3 }, outcome: 'failed' })
  })
})
