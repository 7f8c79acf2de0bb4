import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** One thing that does not fit a schema, and where. */
export interface ValidationIssue {
  readonly message: string
  readonly path: readonly (string | number)[]
}

/** A value does not fit its schema. For an input: nothing was started or stored. */
export class ValidationError extends CrusterError {
  static readonly code = 'VALIDATION'
  override readonly name = 'ValidationError'
  readonly code = ValidationError.code
  /** The value, for people: `the input of Counter.increment`. */
  readonly what: string
  readonly issues: readonly ValidationIssue[]

  constructor(what: string, issues: readonly ValidationIssue[], options: CrusterErrorOptions = {}) {
    super(
      `${sentenceStart(what)} does not fit its schema: ${issues.map(issueText).join('; ')}. Correct the value.`,
      options,
    )
    this.what = what
    this.issues = issues
  }

  override details(): Readonly<Record<string, unknown>> {
    return { what: this.what, issues: this.issues }
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): ValidationError {
    return new ValidationError(details.text('what'), details.list('issues', isIssue), options)
  }
}

/** Issues as a schema library reports them, as plain data. */
export function validationIssues(issues: readonly StandardSchemaV1.Issue[]): readonly ValidationIssue[] {
  return issues.map(({ message, path = [] }) => ({ message, path: path.map(pathKey) }))
}

function pathKey(segment: PropertyKey | StandardSchemaV1.PathSegment): string | number {
  const key = typeof segment === 'object' ? segment.key : segment
  return typeof key === 'symbol' ? String(key) : key
}

const sentenceStart = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

function issueText({ message, path }: ValidationIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

function isIssue(value: unknown): value is ValidationIssue {
  if (typeof value !== 'object' || value === null || !('message' in value) || !('path' in value)) return false
  return typeof value.message === 'string' && Array.isArray(value.path) && value.path.every(isKey)
}

const isKey = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'
