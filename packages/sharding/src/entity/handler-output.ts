import type { AnyMethod } from '@cruster/core'
import { CodecError, PayloadTooLarge, ValidationError, encode, isContinuation, validate } from '@cruster/core'
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

/**
 * An output as bytes.
 *
 * @throws CodecError and PayloadTooLarge with outcome `failed`: the handler ran.
 */
export function encodeOutput(output: unknown, what: string, limit: number): Uint8Array {
  const value = encodeValue(undraft(output), what)
  if (value.length > limit) throw new PayloadTooLarge(value.length, limit, { outcome: 'failed' })
  return value
}

function encodeValue(value: unknown, what: string): Uint8Array {
  try {
    return encode(value, what)
  } catch (error) {
    if (error instanceof CodecError) throw new CodecError(error.message, { outcome: 'failed', cause: error.cause })
    throw error
  }
}
