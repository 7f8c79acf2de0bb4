import type { ExecutionRef } from '@cruster/core'
import { CodecError, decode, encode } from '@cruster/core'

/** What a token of a deferred names. */
export interface DeferredTarget extends ExecutionRef {
  readonly name: string
}

const prefix = 'cd1.'

/** A text, fit for URLs, that names a deferred of an execution. Whoever has it can give the deferred its value. */
export function deferredToken({ type, id, name }: DeferredTarget): string {
  const bytes = encode([type, id, name])
  return (
    prefix +
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  )
}

/** @throws CodecError when the text is no token. */
export function parseDeferredToken(token: string): DeferredTarget {
  const fields: readonly unknown[] = token.startsWith(prefix) ? fieldsOf(token.slice(prefix.length)) : []
  const [type, id, name] = fields
  if (typeof type === 'string' && typeof id === 'string' && typeof name === 'string') return { type, id, name }
  throw new CodecError('This is no token of a deferred. Pass what `ctx.deferred(name).token` gave, unchanged.')
}

function fieldsOf(text: string): readonly unknown[] {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const value = decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
