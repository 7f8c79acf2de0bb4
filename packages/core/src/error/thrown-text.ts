/** What can be told about a thrown value without showing more of it than its author meant to be read. */
export interface ThrownText {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
}

/** Reads name, message and code of anything that was thrown. Never throws, whatever its getters do. */
export function thrownText(thrown: unknown): ThrownText {
  try {
    if (!(typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string')) {
      return { name: 'NonError', message: String(thrown), code: undefined }
    }
    return { name: textOf(thrown, 'name') ?? 'Error', message: thrown.message, code: textOf(thrown, 'code') }
  } catch {
    return { name: 'NonError', message: 'A value that cannot be read was thrown.', code: undefined }
  }
}

function textOf(thrown: object, field: 'name' | 'code'): string | undefined {
  const value: unknown = Reflect.get(thrown, field)
  return typeof value === 'string' && value !== '' ? value : undefined
}
