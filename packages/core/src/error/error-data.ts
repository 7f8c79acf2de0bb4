import type { Outcome } from './cruster-error.ts'

/**
 * An error as plain data, for the wire and for storage.
 *
 * - `cruster`: an error of Cruster's closed family, with its fields as `details`.
 * - `declared`: an error that the contract names; `details.data` is its data.
 * - `remote`: anything else that was thrown. No stack, no fields: they may hold secrets.
 */
export interface ErrorData {
  readonly family: ErrorFamily
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly outcome?: Outcome
  readonly details?: Readonly<Record<string, unknown>>
}

export type ErrorFamily = 'cruster' | 'remote' | 'declared'

/** Whether a decoded value can be read as an error. Fields of a newer version are let through. */
export function isErrorData(value: unknown): value is ErrorData {
  if (typeof value !== 'object' || value === null) return false
  const fields: Fields = value
  return isOneOf(['cruster', 'remote', 'declared'], fields.family) && areTexts(fields) && areOptional(fields)
}

type Fields = Partial<Record<keyof ErrorData, unknown>>

const areTexts = (fields: Fields): boolean => typeof fields.name === 'string' && typeof fields.message === 'string'

function areOptional({ code, outcome, details }: Fields): boolean {
  return (
    (code === undefined || typeof code === 'string') &&
    isOneOf([undefined, 'not-started', 'failed', 'unknown'], outcome) &&
    (details === undefined || (typeof details === 'object' && details !== null))
  )
}

const isOneOf = (allowed: readonly unknown[], value: unknown): boolean => allowed.includes(value)
