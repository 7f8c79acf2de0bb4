import { ValidationError, validationIssues } from '../error/validation-error.ts'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/**
 * What a schema makes of a value. Without a schema the value itself, so that callers need not ask.
 *
 * @param what - the value, as the error names it: `the input of Counter.increment`
 * @throws ValidationError with every issue and its path.
 */
export function validate(schema: StandardSchemaV1 | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) return value
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then((settled) => unwrap(settled, what)) : unwrap(result, what)
}

function unwrap(result: StandardSchemaV1.Result<unknown>, what: string): unknown {
  if (result.issues === undefined) return result.value
  throw new ValidationError(what, validationIssues(result.issues))
}
