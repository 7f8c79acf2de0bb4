import { z } from 'zod'
import { parseTimeControl } from '../game/time-control.ts'

/** Shapes of what clients send. Messages are for the people who write clients. */

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

export const uuid = z
  .string('must be a UUID')
  .regex(uuidPattern, 'must be a UUID')
  .transform((text) => text.toLowerCase())

const timeControl = z.string('must be text like "5+3": minutes + seconds per move').transform((text, context) => {
  const parsed = parseTimeControl(text.trim())
  if (parsed !== undefined) return parsed
  context.addIssue('must be minutes + seconds per move, like "5+3", with up to 180 of each')
  return z.NEVER
})

export const newPlayer = z.object({
  username: z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .max(32, 'must have at most 32 characters')
    .regex(/^[^\p{Cc}]*$/u, 'must not have control characters'),
})

const rating = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(10_000, 'must be at most 10000')
  .optional()

export const seek = z
  .object({ timeControl, minRating: rating, maxRating: rating })
  .refine(({ minRating = 0, maxRating = 10_000 }) => minRating <= maxRating, {
    path: ['minRating'],
    error: 'must not be above maxRating',
  })

export const newGame = z
  .object({ white: uuid, black: uuid, timeControl })
  .refine(({ white, black }) => white !== black, { path: ['black'], error: 'must be another player than white' })

export const newMove = z.object({ playerId: uuid, move: z.string('must be a UCI move like "e2e4"').max(16) })

export const byPlayer = z.object({ playerId: uuid })

export const idempotencyKey = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .optional()

/** A whole number in the query, as text. */
export function count(options: { default: number; min: number; max: number }) {
  const message = `must be a whole number from ${options.min} to ${options.max}`
  return z.coerce
    .number(message)
    .int(message)
    .min(options.min, message)
    .max(options.max, message)
    .default(options.default)
}
