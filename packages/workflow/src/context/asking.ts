import type { Step } from '../journal/journal-entry.ts'
import type { DeclaredErrorClass, ErrorData } from '@cruster/core'
import {
  RemoteError,
  WorkflowCancelled,
  decodeAnswer,
  decodeError,
  encodeCanonical,
  requestDigest,
} from '@cruster/core'
import type { Awaited, Operation, OperationEnd } from '../replay/operation.ts'
import { outsideOfBody } from './body-entrance.ts'
import type { BodyScope } from './body-scope.ts'
import type { Task } from './task.ts'

/** A durable operation, as the context asks for it. */
export interface Question extends Omit<Step, 'step' | 'digest'> {
  readonly task: Task
  /** Canonical bytes of what the operation is asked with, if anything. */
  readonly input?: Uint8Array | undefined
  readonly awaits?: Awaited | undefined
}

const operationKey = Symbol('operation')

/** The promise of a wait. Not an entry of a WeakMap: what is in one stays in memory until the next full collection. */
interface Asked extends Promise<unknown> {
  readonly [operationKey]?: Operation<Task>
}

/** Asks for an operation; resolves to its value. */
export function ask(scope: BodyScope, question: Question): Promise<unknown> {
  return asked(scope, question, valueOf)
}

/** Asks for an operation; resolves to its encoded exit. */
export function askForExit(scope: BodyScope, question: Question): Promise<Uint8Array> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- operations that are asked for an exit have no time limit
  return asked(scope, question, (_, exit) => exit) as Promise<Uint8Array>
}

/** The wait behind a promise that came from here. Of other operations nobody asks, and a property makes each promise dear. */
export function waitOf(promise: Asked): Operation<Task> | undefined {
  return promise[operationKey]
}

/** What an operation is asked with, as bytes that do not depend on the order of keys. */
export function inputBytes(input: unknown, what: string): Uint8Array {
  return encodeCanonical(input, `the input of ${what}`)
}

type Read = (scope: BodyScope, exit: Uint8Array) => unknown

function asked(scope: BodyScope, { kind, name, task, input, awaits }: Question, read: Read): Promise<unknown> {
  const digest = input === undefined ? undefined : requestDigest(`${kind} ${name}`, input)
  let operation: Operation<Task> | undefined
  let promise: Promise<unknown> | undefined
  let hasFailed = false
  promise = new Promise<unknown>((resolve, reject) => {
    const end = (result: OperationEnd): void => {
      try {
        resolve(resultOf(scope, result, read))
      } catch (error) {
        hasFailed = true
        promise?.catch(ignore)
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what was thrown is what is rejected
        reject(error)
      }
    }
    operation = scope.replay.ask({ kind, name, digest, task, awaits, end })
  })
  // A body that does not wait for an operation is not to bring the process down when it fails.
  if (hasFailed) promise.catch(ignore)
  if (task.kind === 'wait') void Object.assign(promise, { [operationKey]: operation })
  outsideOfBody(scope.asked)
  return promise
}

function ignore(): void {
  // See above.
}

function resultOf(scope: BodyScope, end: OperationEnd, read: Read): unknown {
  if (end.kind === 'exit') return read(scope, end.exit)
  const { type, id } = scope.execution
  if (end.kind === 'cancelled') throw new WorkflowCancelled(`${type}/${id}`, end.reason)
  return undefined
}

/** The value in an exit. @throws the error in it. */
function valueOf({ program }: BodyScope, exit: Uint8Array): unknown {
  const answer = decodeAnswer(exit)
  if (answer.kind === 'success') return answer.value
  throw errorOf(answer.error, program.errors)
}

/** An error as bodies see it: of the class that the contract declares, also as a cause. */
export function errorOf(data: ErrorData, errors: Readonly<Record<string, unknown>>): Error {
  const error = declared(decodeError(data), errors)
  if (error.cause instanceof Error) error.cause = declared(error.cause, errors)
  return error
}

function declared(error: Error, errors: Readonly<Record<string, unknown>>): Error {
  if (!(error instanceof RemoteError)) return error
  const known = Object.hasOwn(errors, error.remoteName) ? errors[error.remoteName] : undefined
  return isErrorClass(known) ? new known(error.data, error.remoteMessage) : error
}

function isErrorClass(value: unknown): value is DeclaredErrorClass<string, unknown> {
  return typeof value === 'function' && 'errorName' in value
}
