import { decode, decodeFrom, encode, encodeAfter } from '../codec/codec.ts'
import { CodecError } from '../error/codec-error.ts'
import type { ErrorData } from '../error/error-data.ts'
import { isErrorData } from '../error/error-data.ts'

/** How a call ended: with an encoded value, or with an error as data. */
export type Exit =
  { readonly kind: 'success'; readonly value: Uint8Array } | { readonly kind: 'failure'; readonly error: ErrorData }

/** First byte of every encoded exit. Exits are stored: a change of the format takes a new number. */
const version = 1
const success = 0
const failure = 1
const headerLength = 2

/** Version byte, kind byte, then the value as it is, or the encoded error. */
export function encodeExit(exit: Exit): Uint8Array {
  const body = exit.kind === 'success' ? exit.value : encode(exit.error, 'error')
  const bytes = new Uint8Array(headerLength + body.length)
  bytes[0] = version
  bytes[1] = exit.kind === 'success' ? success : failure
  bytes.set(body, headerLength)
  return bytes
}

/**
 * The exit of a success, from its value that is not encoded yet: the same bytes as of {@link encodeExit}, copied once less.
 *
 * @throws CodecError as `encode` does.
 */
export function encodeSuccess(value: unknown, what?: string | (() => string)): Uint8Array {
  const bytes = encodeAfter(headerLength, value, what)
  bytes[0] = version
  bytes[1] = success
  return bytes
}

/** How many bytes the encoded value in a success has. */
export function successLength(exit: Uint8Array): number {
  return exit.length - headerLength
}

/** An exit with its value decoded. */
export type Answer =
  { readonly kind: 'success'; readonly value: unknown } | { readonly kind: 'failure'; readonly error: ErrorData }

/**
 * As {@link decodeExit}, and decodes the value of a success, without a view on the bytes between.
 *
 * @throws CodecError when they are no exit or no value, or one of a newer version.
 */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const isSuccess = bytes[0] === version && bytes[1] === success
  if (isSuccess) return { kind: 'success', value: decodeFrom(bytes, headerLength) }
  const exit = decodeExit(bytes)
  return exit.kind === 'success' ? { kind: 'success', value: decode(exit.value) } : exit
}

/**
 * The exit in these bytes. A success is a view on them, not a copy.
 *
 * @throws CodecError when they are no exit, or one of a newer version.
 */
export function decodeExit(bytes: Uint8Array): Exit {
  if (bytes[0] !== version) {
    throw new CodecError(
      `An exit has format version ${bytes[0] ?? '(none)'}, and this runner reads version ${version}. ` +
        'Upgrade it, or check that the bytes come from Cruster.',
    )
  }
  const body = bytes.subarray(headerLength)
  if (bytes[1] === success) return { kind: 'success', value: body }
  const error = bytes[1] === failure ? decode(body) : undefined
  if (!isErrorData(error)) throw new CodecError('An exit holds neither a value nor an error. Its bytes are damaged.')
  return { kind: 'failure', error }
}
