import type { Context } from 'hono'
import type { z } from 'zod'
import { ApiError } from './api-error.ts'
import { uuid } from './request-schemas.ts'

/** @throws ApiError INVALID_INPUT that names every field which does not fit. */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')} ${message}` : message,
  )
  throw new ApiError(400, 'INVALID_INPUT', `The ${what} is not valid: ${issues.join('; ')}.`)
}

/** The body as JSON. @throws ApiError INVALID_INPUT when it is none or does not fit. */
export async function readBody<Output>(context: Context, schema: z.ZodType<Output>): Promise<Output> {
  const text = await context.req.text()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'INVALID_INPUT', text === '' ? 'The request needs a JSON body.' : 'The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(400, 'INVALID_INPUT', 'The body must be a JSON object.')
  }
  return parse(schema, value, 'body')
}

/** An id in the path. What cannot be an id is the id of nothing. */
export function pathId(text: string, what: 'player' | 'game'): string {
  const id = uuid.safeParse(text)
  if (id.success) return id.data
  throw new ApiError(404, 'NOT_FOUND', `There is no ${what} "${text.slice(0, 64)}".`)
}
