import type { AnyEntity, DeclaredErrorClass } from '@cruster/core'
import { RemoteError, decodeAnswer, decodeError, decodeExit } from '@cruster/core'

/** The output that an exit carries. Throws the error that it carries, as the class that the contract declares. */
export function answerOf(contract: AnyEntity, exit: Uint8Array): unknown {
  const answer = decodeAnswer(exit)
  if (answer.kind === 'success') return answer.value
  throw declaredError(contract, decodeError(answer.error))
}

/** The error of a failed exit in the caller's terms; undefined for a success. */
export function failureOf(contract: AnyEntity, exit: Uint8Array): unknown {
  const decoded = decodeExit(exit)
  return decoded.kind === 'success' ? undefined : declaredError(contract, decodeError(decoded.error))
}

function declaredError(contract: AnyEntity, error: Error): Error {
  if (!(error instanceof RemoteError)) return error
  const declared = [contract, ...contract.traits].map(({ errors }) => errors[error.remoteName]).find(isErrorClass)
  return declared === undefined ? error : new declared(error.data, error.remoteMessage)
}

function isErrorClass(value: unknown): value is DeclaredErrorClass<string, unknown> {
  return typeof value === 'function' && 'errorName' in value
}
