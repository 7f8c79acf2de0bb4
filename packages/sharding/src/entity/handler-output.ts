import type { AnyMethod } from '@cruster/core'
import {
  CodecError,
  PayloadTooLarge,
  ValidationError,
  encode,
  encodeSuccess,
  isContinuation,
  successLength,
  validate,
} from '@cruster/core'
import { undraft } from './undraft.ts'

/**
 * What a handler returned, as its method declares it.
 *
 * @throws ValidationError with outcome `failed`: the handler ran.
 */
export async function checkedOutput({ output: schema }: AnyMethod, output: unknown, what: string): Promise<unknown> {
  if (schema === undefined || isContinuation(output)) return output
  try {
    return await validate(schema, undraft(output), what)
  } catch (error) {
    if (error instanceof ValidationError) throw new ValidationError(error.what, error.issues, { outcome: 'failed' })
    throw error
  }
}

/** Names an output in an error; a function where the name costs something and is mostly not needed. */
type Name = string | (() => string)

/**
 * An output as bytes.
 *
 * @throws CodecError and PayloadTooLarge with outcome `failed`: the handler ran.
 */
export function encodeOutput(output: unknown, what: Name, limit: number): Uint8Array {
  const value = encodedBy(encode, output, what)
  checkSize(value.length, limit)
  return value
}

/**
 * An output as the exit of a call that succeeded.
 *
 * @throws CodecError and PayloadTooLarge with outcome `failed`: the handler ran.
 */
export function outputExit(output: unknown, what: Name, limit: number): Uint8Array {
  const exit = encodedBy(encodeSuccess, output, what)
  checkSize(successLength(exit), limit)
  return exit
}

function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) throw new PayloadTooLarge(bytes, limit, { outcome: 'failed' })
}

function encodedBy(encoder: (value: unknown, what: Name) => Uint8Array, output: unknown, what: Name): Uint8Array {
  try {
    return encoder(undraft(output), what)
  } catch (error) {
    if (error instanceof CodecError) throw new CodecError(error.message, { outcome: 'failed', cause: error.cause })
    throw error
  }
}
