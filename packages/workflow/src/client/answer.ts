import type { DeclaredErrorClass, Exit } from '@cruster/core'
import { RemoteError, decodeAnswer, decodeError } from '@cruster/core'

/** Error classes of a contract, by name. */
type Errors = Readonly<Record<string, unknown>>

/** The output in an encoded exit. @throws the error in it, as the class that the contract declares. */
export function outputOf(exit: Uint8Array, errors: Errors): unknown {
  const answer = decodeAnswer(exit)
  if (answer.kind === 'success') return answer.value
  throw errorOf(answer, errors)
}

/** The error of a failed exit, as the class that the contract declares. */
export function errorOf({ error }: Pick<Exit & { readonly kind: 'failure' }, 'error'>, errors: Errors): Error {
  const decoded = decodeError(error)
  if (!(decoded instanceof RemoteError)) return decoded
  const declared = Object.hasOwn(errors, decoded.remoteName) ? errors[decoded.remoteName] : undefined
  return isErrorClass(declared) ? new declared(decoded.data, decoded.remoteMessage) : decoded
}

function isErrorClass(value: unknown): value is DeclaredErrorClass<string, unknown> {
  return typeof value === 'function' && 'errorName' in value
}
