import type { Context } from 'hono'
import { z } from 'zod'
import { ApiError } from './api-error.ts'

/** The JSON of a request's body. @throws ApiError 400 when it is none, or not of this form. */
export async function bodyOf<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  return checked(schema, parse(await context.req.text()), 'The body')
}

/** The query of a request. @throws ApiError 400 when it is not of this form. */
export function queryOf<Schema extends z.ZodType>(context: Context, schema: Schema): z.output<Schema> {
  return checked(schema, context.req.query(), 'The query')
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
  throw new ApiError(400, `${what} cannot be used: ${issues.join('; ')}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'The body is no JSON.')
  }
}

/** Text of a part of the path, decoded. */
export function param(context: Context, name: string): string {
  const value = context.req.param(name)
  if (value === undefined) throw new ApiError(404, `The path has no ${name}.`)
  return value
}

/** Any JSON. */
export const json: z.ZodType<Json> = z.json()

type Json = z.core.util.JSONType
